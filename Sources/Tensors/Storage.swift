import Foundation

/// The bytes of one tensor: allocated here, freed here, both recorded in the ledger.
package final class Storage {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  package let ledger: Ledger
  /// The class these bytes are counted in; setting it moves them.
  package var account: AccountClass {
    didSet { ledger.move(byteCount, from: oldValue, to: account) }
  }

  /// Alignment of every storage, in bytes.
  package static let alignment = 64

  /// Uninitialised bytes. Throws `MemoryError` where the budget or the machine has no room.
  package init(byteCount: Int, account: AccountClass, ledger: Ledger) throws(MemoryError) {
    try ledger.acquire(byteCount, as: account)
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, Storage.alignment, max(byteCount, 1)) == 0, let raw else {
      ledger.release(byteCount, of: account)
      throw .exhausted(needed: byteCount)
    }
    self.pointer = raw
    self.byteCount = byteCount
    self.account = account
    self.ledger = ledger
  }

  deinit {
    ledger.release(byteCount, of: account)
    free(pointer)
  }
}
