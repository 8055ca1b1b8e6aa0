/// One reserved block that a compiled schedule carves its buffers from.
///
/// Reserving records nothing: a run records each buffer in the ledger as its life begins and ends, so the
/// ledger counts the bytes in use; the reserve may exceed their peak by what the layout loses to gaps. Pages that were
/// never written take no memory.
package final class Arena {
  /// Where it starts.
  package let base: UnsafeMutableRawPointer
  /// Bytes asked for.
  package let byteCount: Int
  private let mapped: Int

  /// Reserves `byteCount` bytes, aligned to a page.
  package init(byteCount: Int) throws(MemoryError) {
    guard let size = Pages.rounded(max(byteCount, 1)), let block = Pages.map(size) else {
      throw .exhausted(needed: byteCount)
    }
    Pages.preferHuge(block, size)
    base = block
    mapped = size
    self.byteCount = byteCount
  }

  deinit { Pages.unmap(base, mapped) }
}
