import Execution
import Graphs

/// Compiled blocks, so that a gradient taken in a loop is planned and compiled once.
struct ProgramCache {
  struct Key: Hashable {
    let graph: Graph.Signature
    let targets: [Int]
    /// The strategy as it was spelled, and what tells its plans from another's.
    let strategy: String
    let signature: String
  }

  struct Entry {
    let planned: PlannedBlock
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
