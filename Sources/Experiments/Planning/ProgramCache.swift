import Execution
import Graphs

/// Compiled blocks, so that a gradient taken in a loop is planned and compiled once.
struct ProgramCache {
  /// What a compiled program depends on.
  struct Key: Hashable {
    /// The block's graph, apart from its places in the text.
    let graph: Graph.Signature
    /// The inputs that gradients are taken with respect to.
    let targets: [Int]
    /// The strategy as it was spelled.
    let strategy: String
    /// What tells its plans from another's: its budget is less what stands outside.
    let signature: String
    /// True where several operations may be computed as one step.
    let isFused: Bool
  }

  /// A program, and the plan that it was compiled from.
  struct Entry {
    /// The plan, rehearsed.
    let planned: PlannedBlock
    /// What runs; bound to no tensor.
    let program: Program
  }

  /// Programs kept at most; the one used longest ago goes first.
  private static let capacity = 16
  private var entries: [Key: (entry: Entry, turn: Int)] = [:]
  private var turn = 0

  /// The program of a key, which counts as used now; storing one more than `capacity` drops
  /// another.
  subscript(key: Key) -> Entry? {
    mutating get {
      guard let found = entries[key]?.entry else { return nil }
      turn += 1
      entries[key]?.turn = turn
      return found
    }
    set {
      turn += 1
      guard let newValue else { return }
      entries[key] = (newValue, turn)
      if entries.count > ProgramCache.capacity,
        let oldest = entries.min(by: { $0.value.turn < $1.value.turn })
      {
        entries[oldest.key] = nil
      }
    }
  }
}
