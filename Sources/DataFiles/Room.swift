import Glibc
import Tensors

/// Bytes that a reader works in; they are given back with it.
final class Room {
  /// They are not initialised, and aligned for every type.
  let bytes: UnsafeMutableRawBufferPointer

  /// Throws `.memory` where the machine has no room for so many.
  init(byteCount: Int) throws(DataFileFault) {
    guard let start = malloc(max(byteCount, 1)) else {
      throw .memory(.exhausted(needed: byteCount))
    }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { free(bytes.baseAddress) }
}
