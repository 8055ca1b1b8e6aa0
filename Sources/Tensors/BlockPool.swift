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
  static let limit = 64 << 20

  /// Bytes that wait.
  private(set) var bytes = 0
  private var blocks: [Int: [UnsafeMutableRawPointer]] = [:]

  deinit { trim(to: 0) }

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

  /// Returns blocks to the system until at most `target` bytes wait.
  func trim(to target: Int) {
    guard bytes > target else { return }
    for size in blocks.keys.sorted(by: >) {
      while bytes > target, let block = blocks[size]?.popLast() {
        Pages.unmap(block, size)
        bytes -= size
      }
    }
  }
}
