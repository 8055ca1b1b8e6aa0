/// An order of computing that holds little: a few steps that divide the graph are computed and
/// held, and what lies between them is computed part by part, each part in the same way.
///
/// Kumar et al. 2019, Efficient rematerialization for deep networks, section 3. The graph is that
/// of the steps, where a step and all that it reads are joined to each other, so that what a step
/// reads lies, apart from what is held, in one part. With a tree decomposition of width w a bag of
/// at most w + 1 steps leaves no part of more than half of the steps. So at most (2w + 1)(1 + log₂
/// n) + 1 steps are held at once, besides results; each is computed at most once for every bag
/// above it.
///
/// Parts of at most `leaf` steps are run as they stand, everything held: larger leaves cost less
/// and hold more.
struct SeparatorOrder {
  private let table: StepTable
  private let tree: TreeDecomposition
  private let leaf: Int
  private let mostComputes: Int
  /// Whether each step makes a result.
  private let isResult: [Bool]
  /// Whether all that each step makes is held.
  private var isHeld: [Bool]
  /// The last set that each step was seen in, and how many there were.
  private var stamps: [Int]
  private var stamp = 0
  private var order: [Int] = []

  /// The order of the steps that results need, updates left out; `nil` where it would be longer
  /// than `mostComputes`.
  static func steps(
    _ table: StepTable, _ tree: TreeDecomposition, leaf: Int, mostComputes: Int
  ) throws(ScheduleError) -> [Int]? {
    var plan = SeparatorOrder(table, tree, leaf, mostComputes)
    return try plan.finish((0..<table.count).filter { table.phases[$0] != .update })
      ? plan.order : nil
  }

  /// The graph of the steps without the updates, for `TreeDecomposition`.
  static func graph(_ table: StepTable) -> [Set<Int>] {
    var graph = Array(repeating: Set<Int>(), count: table.count)
    for step in 0..<table.count where table.phases[step] != .update {
      let joined = Set(table.inputs(of: step).map { table.makers[$0] } + [step])
      for one in joined { graph[one].formUnion(joined) }
    }
    for step in graph.indices { graph[step].remove(step) }
    return graph
  }

  private init(_ table: StepTable, _ tree: TreeDecomposition, _ leaf: Int, _ mostComputes: Int) {
    self.table = table
    self.tree = tree
    self.leaf = leaf
    self.mostComputes = mostComputes
    isHeld = Array(repeating: false, count: table.count)
    stamps = Array(repeating: 0, count: table.count)
    // What updates read outlives the steps as results do.
    var isWanted = table.isResult
    for step in 0..<table.count where table.phases[step] == .update {
      table.forEachInput(of: step) { isWanted[$0] = true }
    }
    isResult = (0..<table.count).map { step in
      table.values(of: step).contains { isWanted[$0] }
    }
  }

  /// Computes every result of a set; false where the order grows too long.
  private mutating func finish(_ set: [Int]) throws(ScheduleError) -> Bool {
    let open = missing(set.filter { isResult[$0] }, in: set)
    guard !open.isEmpty else { return true }
    guard open.count > leaf else { return try run(open, for: []) }
    let division = tree.divide(open, also: [])
    guard try compute(division) else { return false }
    for part in division.parts {
      guard try finish(part) else { return false }
    }
    forget(division.bag, but: [])
    return true
  }

  /// Computes some steps of a set, and holds them; false where the order grows too long.
  private mutating func compute(
    _ targets: [Int], in set: [Int]
  ) throws(ScheduleError) -> Bool {
    let open = missing(targets, in: set)
    guard !open.isEmpty else { return true }
    guard open.count > leaf else { return try run(open, for: targets) }
    let division = tree.divide(open, also: targets)
    guard try compute(division) else { return false }
    forget(division.bag, but: targets)
    return true
  }

  /// Computes the steps of a bag one after another, each after what it reads in the parts.
  private mutating func compute(_ division: TreeDecomposition.Division) throws(ScheduleError)
    -> Bool
  {
    var partOf: [Int: Int] = [:]
    for (number, part) in division.parts.enumerated() {
      for step in part { partOf[step] = number }
    }
    for step in division.bag {
      var needs: [Int: [Int]] = [:]
      for input in table.inputs(of: step) {
        let maker = table.makers[input]
        if !isHeld[maker], let part = partOf[maker], needs[part]?.contains(maker) != true {
          needs[part, default: []].append(maker)
        }
      }
      for (part, makers) in needs.sorted(by: { $0.key < $1.key }) {
        guard try compute(makers, in: division.parts[part]) else { return false }
      }
      guard try append(step) else { return false }
      for (_, makers) in needs { forget(makers, but: []) }
    }
    return true
  }

  /// Runs steps as they stand, and forgets all but the targets.
  private mutating func run(
    _ steps: [Int], for targets: [Int]
  ) throws(ScheduleError) -> Bool {
    for step in steps {
      guard try append(step) else { return false }
    }
    forget(steps, but: targets)
    return true
  }

  private mutating func append(_ step: Int) throws(ScheduleError) -> Bool {
    if order.count & 1023 == 0 { try Planning.checkCancellation() }
    guard order.count < mostComputes else { return false }
    order.append(step)
    isHeld[step] = true
    return true
  }

  private mutating func forget(_ steps: [Int], but targets: [Int]) {
    for step in steps where !isResult[step] && !targets.contains(step) { isHeld[step] = false }
  }

  /// The steps of a set that have to run for the targets, ascending: these, and what they read that
  /// is not held.
  private mutating func missing(_ targets: [Int], in set: [Int]) -> [Int] {
    stamp += 2
    for step in set { stamps[step] = stamp }
    var open: [Int] = []
    var pending = targets
    while let step = pending.popLast() {
      guard stamps[step] == stamp, !isHeld[step] else { continue }
      stamps[step] = stamp + 1
      open.append(step)
      table.forEachInput(of: step) { pending.append(table.makers[$0]) }
    }
    return open.sorted()
  }
}
