/// What a command makes beside its tensors: the order of a data set's rows, the table of a file's
/// header. Where it is large, the ledger counts it as workspace, and the budget is asked before it
/// is made; less than `leastCounted` bytes are part of the margin between ledger and process.
///
/// It counts only: whoever owns one owns the memory too, and lets go of both together.
package final class Workspace {
  /// Bytes from which on all of them are counted.
  package static let leastCounted = 1 << 20

  /// Bytes that were asked for, counted or not.
  package private(set) var byteCount = 0
  private var counted = 0
  private let ledger: Ledger

  /// Room for so many bytes. Throws `MemoryError` where the budget has none.
  package init(byteCount: Int = 0, ledger: Ledger) throws(MemoryError) {
    self.ledger = ledger
    try add(byteCount)
  }

  /// Room for so many bytes more. Throws `MemoryError` where the budget has none; what was asked
  /// for before stays counted.
  package func add(_ bytes: Int) throws(MemoryError) {
    let (sum, overflow) = byteCount.addingReportingOverflow(bytes)
    guard !overflow else { throw .exhausted(needed: bytes) }
    if sum >= Workspace.leastCounted {
      try ledger.acquire(sum - counted, as: .workspace)
      counted = sum
      ledger.makeRoom()
    }
    byteCount = sum
  }

  deinit { if counted > 0 { ledger.release(counted, of: .workspace) } }
}
