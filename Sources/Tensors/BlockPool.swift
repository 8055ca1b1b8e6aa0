import Foundation

/// Freed blocks of whole pages that wait to be used again: touching fresh pages costs more than
/// most kernels do.
///
/// A ledger owns one. The waiting bytes are bounded twice: by `limit`, and so that they and the
/// live bytes stay within the highest total of live bytes so far; so the pool never raises the
/// process's peak.
final class BlockPool {
  /// Smaller blocks are left to `malloc`.
  static let leastBytes = 256 << 10
  /// Most bytes that wait.
  static let limit = 256 << 20

  /// Bytes that wait, those of idle arenas among them.
  private(set) var bytes = 0
  /// Arenas that nothing runs in and that keep their pages, with what they count.
  private var idle: [ObjectIdentifier: (arena: Unmanaged<Arena>, bytes: Int)] = [:]
  private var blocks: [Int: [UnsafeMutableRawPointer]] = [:]

  deinit {
    idle = [:]
    trim(to: 0)
  }

  /// A waiting block of `size` bytes (whole pages).
  func take(_ size: Int) -> UnsafeMutableRawPointer? {
    guard let block = blocks[size]?.popLast() else { return nil }
    bytes -= size
    return block
  }

  /// Keeps a block where `room` more bytes may wait, else returns it to the system.
  func give(_ block: UnsafeMutableRawPointer, _ size: Int, room: Int) {
    if size <= room, bytes + size <= BlockPool.limit {
      blocks[size, default: []].append(block)
      bytes += size
    } else {
      Pages.unmap(block, size)
    }
  }

  /// Lets an arena that nothing runs in keep its pages where `room` more bytes may wait, else gives
  /// them back to the system. `size` is what ran in it held at most; `claim` takes it out, which
  /// has to be done before the arena is used again, or is gone.
  func rest(_ arena: Arena, _ size: Int, room: Int) {
    guard idle[ObjectIdentifier(arena)] == nil else { return }
    guard size <= room, bytes + size <= BlockPool.limit else {
      return arena.discard(except: [])
    }
    idle[ObjectIdentifier(arena)] = (.passUnretained(arena), size)
    bytes += size
  }

  /// An arena is used again, or is gone. False where it was not at rest.
  func claim(_ arena: Arena) -> Bool {
    guard let entry = idle.removeValue(forKey: ObjectIdentifier(arena)) else { return false }
    bytes -= entry.bytes
    return true
  }

  /// Returns the pages of idle arenas to the system where more than `target` bytes wait.
  func discardIdle(beyond target: Int) {
    guard bytes > target, !idle.isEmpty else { return }
    for entry in idle.values {
      entry.arena.takeUnretainedValue().discard(except: [])
      bytes -= entry.bytes
    }
    idle = [:]
  }

  /// Returns blocks, and first the pages of idle arenas, to the system until at most `target`
  /// bytes wait.
  func trim(to target: Int) {
    guard bytes > target else { return }
    discardIdle(beyond: target)
    for size in blocks.keys.sorted(by: >) {
      while bytes > target, let block = blocks[size]?.popLast() {
        Pages.unmap(block, size)
        bytes -= size
      }
    }
  }
}
