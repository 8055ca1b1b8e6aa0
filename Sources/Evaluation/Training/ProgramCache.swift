import Execution
import Graphs

/// Compiled blocks, so that a gradient taken in a loop is planned and compiled once.
struct ProgramCache {
  struct Key: Hashable {
    let graph: Graph.Signature
    let targets: [Int]
    let strategy: String

    /// `nil` where the strategy may plan differently each time, as a learner's does.
    init?(graph: Graph.Signature, targets: [Int], strategy: String?) {
      guard let strategy else { return nil }
      self.graph = graph
      self.targets = targets
      self.strategy = strategy
    }
  }

  struct Entry {
    let planned: PlannedProgram
    let program: Program
  }

  /// Programs kept at most; the one used longest ago goes first.
  private static let capacity = 16
  private var entries: [Key: (entry: Entry, turn: Int)] = [:]
  private var turn = 0

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
