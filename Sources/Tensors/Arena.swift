/// One reserved block that a compiled schedule carves its buffers from.
///
/// Reserving records nothing: a run records each buffer in the ledger as its life begins and ends,
/// so the ledger counts the bytes in use; the reserve may exceed their peak by what the layout
/// loses to gaps. Pages that were never written take no memory.
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

  /// Gives the pages outside these stretches back to the system; what they held is lost.
  package func discard(except stretches: [Range<Int>]) {
    var start = 0
    for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if start < stretch.lowerBound { Pages.discard(base, start..<stretch.lowerBound) }
      start = max(start, stretch.upperBound)
    }
    if start < mapped { Pages.discard(base, start..<mapped) }
  }

  /// Gives the whole pages inside a stretch back to the system.
  func discard(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
    let start = pointer - base
    Pages.discard(base, start..<start + byteCount)
  }

  deinit { Pages.unmap(base, mapped) }
}
