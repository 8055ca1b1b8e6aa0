import Foundation

/// One reserved block that a compiled schedule carves its buffers from.
///
/// Reserving records nothing: a run records each buffer in the ledger as its life begins and ends, so the
/// ledger counts the bytes in use; the reserve may exceed their peak by what the layout loses to gaps.
package final class Arena {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Reserves `byteCount` bytes, aligned as a `Storage` is.
  package init(byteCount: Int) throws(MemoryError) {
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, 4096, max(byteCount, 1)) == 0, let raw else {
      throw .exhausted(needed: byteCount)
    }
    self.base = raw
    self.byteCount = byteCount
  }

  deinit { free(base) }
}
