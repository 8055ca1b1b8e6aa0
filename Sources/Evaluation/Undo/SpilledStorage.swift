import Tensors

/// The bytes of a storage that only undo needs: they lie in a file, and no memory is held for them.
///
/// Tensors that shared the storage share this, so that they share a storage again once it is read
/// back.
package final class SpilledStorage {
  /// Where the bytes lie.
  var stretch: SpillFile.Stretch
  /// What the account called them, and the ledger that counts them once they are back.
  private let account: AccountClass
  private let ledger: Ledger
  /// The storage that has the bytes in memory, where there is one.
  private(set) weak var storage: Storage?

  /// The bytes of `storage`, which lie in the file already.
  init(_ storage: Storage, at stretch: SpillFile.Stretch) {
    self.stretch = stretch
    self.storage = storage
    account = storage.account
    ledger = storage.ledger
  }

  /// Bytes.
  var byteCount: Int { stretch.range.count }

  /// Why the bytes are not back in memory.
  enum Problem: Error {
    case memory(MemoryError)
    case file(SpillFile.Problem)
  }

  /// A storage with the bytes, counted in the ledger. What `mayStop` hears a request to stop.
  func restored(mayStop: Bool) throws(Problem) -> Storage {
    if let storage { return storage }
    let fresh: Storage
    do {
      fresh = try Storage(byteCount: byteCount, account: account, ledger: ledger)
    } catch {
      throw .memory(error)
    }
    do {
      try stretch.load(into: fresh.pointer, mayStop: mayStop)
    } catch {
      throw .file(error)
    }
    storage = fresh
    return fresh
  }

  /// A storage with the bytes for one who holds a tensor that names do not lead to any more:
  /// without undo it would be in memory still, so no budget is asked. `nil` where the machine has
  /// no room or the file cannot be read.
  func restoredBesideBudget() -> Storage? {
    let budget = ledger.budget
    ledger.budget = nil
    defer { ledger.budget = budget }
    return try? restored(mayStop: false)
  }
}
