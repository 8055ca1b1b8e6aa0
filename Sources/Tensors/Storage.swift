import CMemory
import Foundation

/// The bytes of one tensor: allocated here, freed here, both recorded in the ledger.
package final class Storage {
  /// Where the bytes start, aligned to `alignment`.
  package let pointer: UnsafeMutableRawPointer
  /// Bytes asked for, as the ledger counts them.
  package let byteCount: Int
  /// The ledger's count of acquisitions when it was made: greater for what was made later.
  package let number: Int
  /// Where the bytes are counted.
  package let ledger: Ledger
  /// How many tensors that names lead to have their numbers here: kept by who knows names.
  package var owners = 0
  /// The arena that the bytes lie in, where they are not a block of their own.
  private let arena: Arena?
  /// True where the block is of whole pages, from the ledger's pool or straight from the system.
  private let isOfPages: Bool
  /// The class these bytes are counted in; setting it moves them.
  package var account: AccountClass {
    didSet { ledger.move(byteCount, from: oldValue, to: account) }
  }

  /// Alignment of every storage, in bytes.
  package static let alignment = 64

  /// Uninitialised bytes. Throws `MemoryError` where the budget or the machine has no room.
  package init(byteCount: Int, account: AccountClass, ledger: Ledger) throws(MemoryError) {
    try ledger.acquire(byteCount, as: account)
    guard let (block, isOfPages) = Storage.block(byteCount, ledger: ledger) else {
      ledger.release(byteCount, of: account)
      throw .exhausted(needed: byteCount)
    }
    self.pointer = block
    self.isOfPages = isOfPages
    self.arena = nil
    self.byteCount = byteCount
    self.account = account
    self.ledger = ledger
    self.number = ledger.acquisitions
  }

  /// Takes over bytes that a schedule computed in an arena and that the ledger counts already as
  /// `account`: from here on this storage answers for them. A few bytes are moved to a block of
  /// their own; many stay where they are, and keep the arena reserved. Throws `MemoryError` where
  /// the machine has no room; the bytes are then the caller's as before.
  package init(
    takingOver pointer: UnsafeMutableRawPointer, in arena: Arena, byteCount: Int,
    account: AccountClass, ledger: Ledger
  ) throws(MemoryError) {
    if byteCount >= Storage.leastBytesInArena {
      self.pointer = pointer
      self.isOfPages = false
      self.arena = arena
    } else {
      guard let (block, isOfPages) = Storage.block(byteCount, ledger: ledger) else {
        throw .exhausted(needed: byteCount)
      }
      block.copyMemory(from: pointer, byteCount: byteCount)
      self.pointer = block
      self.isOfPages = isOfPages
      self.arena = nil
    }
    self.byteCount = byteCount
    self.account = account
    self.ledger = ledger
    self.number = ledger.acquisitions
  }

  /// Fewer bytes than this leave an arena: they would pin whole pages of it.
  private static let leastBytesInArena = 16 << 10

  /// True where the bytes lie in an arena, which must not discard them.
  package var liesInArena: Bool { arena != nil }

  deinit {
    ledger.release(byteCount, of: account)
    if let arena {
      arena.discard(pointer, byteCount)
    } else if isOfPages, let pages = Pages.rounded(byteCount) {
      let room = ledger.highWater - ledger.liveTotal - ledger.pool.bytes
      ledger.pool.give(pointer, pages, room: room)
    } else {
      free(pointer)
    }
  }

  /// A block for bytes that the ledger already counts, and whether it is of whole pages.
  private static func block(
    _ byteCount: Int, ledger: Ledger
  ) -> (UnsafeMutableRawPointer, isOfPages: Bool)? {
    if byteCount < BlockPool.leastBytes {
      return cm_ask_aligned(alignment, max(byteCount, 1)).map { ($0, false) }
    }
    guard let size = Pages.rounded(byteCount) else { return nil }
    if let waiting = ledger.pool.take(size) { return (waiting, true) }
    ledger.makeRoom()
    if let fresh = Pages.map(size) { return (fresh, true) }
    ledger.pool.trim(to: 0)
    return Pages.map(size).map { ($0, true) }
  }
}
