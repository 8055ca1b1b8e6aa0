import Execution
import Gradients
import Graphs
import Schedules

/// Compiled blocks, so that a gradient taken in a loop, and a `train` given again, are planned and
/// compiled once.
struct ProgramCache {
  /// A block and what is done with its gradients: what a joint graph depends on.
  struct Computation: Hashable {
    /// The block's graph, apart from its places in the text.
    private let graph: Graph.Signature
    /// The inputs that gradients are taken with respect to.
    private let targets: [Int]
    /// The updates of training, at a rate of 0: the rate is given to each run.
    private let updates: UpdatePlan?
    /// The numbers of the updates bit by bit.
    private let bits: [UInt64]

    /// `updates` is `nil` where gradients are only taken.
    init(_ block: TracedBlock, _ updates: UpdatePlan?) {
      graph = block.graph.signature
      targets = block.targets.map(\.input)
      self.updates = updates.map { plan in
        var plan = plan
        plan.rule = plan.rule.with(rate: 0)
        return plan
      }
      bits = updates?.numbers.map(\.bitPattern) ?? []
    }
  }

  /// What a compiled program depends on.
  struct Key: Hashable {
    /// What it computes.
    let computation: Computation
    /// The strategy as it was spelled.
    let strategy: String
    /// What tells its plans from another's: its budget is less what stands outside.
    let signature: String
    /// True where several operations may be computed as one step.
    let isFused: Bool
  }

  /// A program that runs once on whatever it is given, and the plan that it was compiled from.
  struct Entry {
    /// The plan, rehearsed.
    let planned: PlannedBlock
    /// What runs; bound to no tensor.
    let program: Program
  }

  /// One of the two kinds of what is kept.
  private enum Kept {
    case program(Entry)
    /// A pass of a training loop, parked.
    case pass(BoundPass)

    /// Actions of its schedule, each as many times as its bookkeeping weighs more than a pass's.
    var weight: Int {
      switch self {
      case .program(let entry): 4 * entry.planned.schedule.actions.count
      case .pass(let pass): pass.binding.actionCount
      }
    }
  }

  /// Kept at most, and actions of their schedules in all, at some 200 bytes each; what was used
  /// longest ago goes first.
  private static let (capacity, mostActions) = (16, 200_000)
  private var kept: [Key: (kept: Kept, turn: Int)] = [:]
  private var turn = 0

  /// The program of a key, which counts as used now; storing one may drop others.
  subscript(key: Key) -> Entry? {
    mutating get {
      guard case .program(let found)? = kept[key]?.kept else { return nil }
      turn += 1
      kept[key]?.turn = turn
      return found
    }
    set { if let newValue { store(.program(newValue), key) } }
  }

  /// The parked pass of a key, as it is: `take` is for whoever runs it.
  func pass(_ key: Key) -> BoundPass? {
    guard case .pass(let found)? = kept[key]?.kept else { return nil }
    return found
  }

  /// Takes the parked pass of a key out.
  mutating func take(_ key: Key) -> BoundPass? {
    let found = pass(key)
    if found != nil { kept[key] = nil }
    return found
  }

  /// A parked pass of a block with these updates, under whatever strategy.
  func anyPass(of computation: Computation) -> BoundPass? {
    for (key, entry) in kept where key.computation == computation {
      if case .pass(let found) = entry.kept { return found }
    }
    return nil
  }

  /// Keeps a parked pass, which may drop others.
  mutating func park(_ pass: BoundPass, _ key: Key) { store(.pass(pass), key) }

  private mutating func store(_ new: Kept, _ key: Key) {
    guard new.weight <= ProgramCache.mostActions else { return }
    turn += 1
    kept[key] = (new, turn)
    while kept.count > ProgramCache.capacity
      || kept.values.reduce(0, { $0 + $1.kept.weight }) > ProgramCache.mostActions
    {
      guard let oldest = kept.min(by: { $0.value.turn < $1.value.turn }) else { return }
      kept[oldest.key] = nil
    }
  }
}
