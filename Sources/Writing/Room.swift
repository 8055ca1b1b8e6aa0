import CMemory
import Glibc

/// Bytes to work in, which are given back with it: what is read or written passes through them.
package final class Room {
  /// They are not initialised, and aligned for every type.
  package let bytes: UnsafeMutableRawBufferPointer

  /// Throws `.system(ENOMEM)` where the machine has no room for so many bytes.
  package init(byteCount: Int) throws(FileFailure) {
    guard let start = cm_ask(max(byteCount, 1)) else { throw .system(ENOMEM) }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { free(bytes.baseAddress) }
}
