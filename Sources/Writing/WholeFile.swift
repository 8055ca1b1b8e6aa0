import Foundation

/// Files that are there whole or not at all.
package enum WholeFile {
  /// The operating system's number for what went wrong.
  package struct Problem: Error, Hashable { package let code: Int32 }

  /// Writes a temporary file beside the one wanted, flushes it, and renames it.
  package static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    let temporary = "\(path).\(getpid()).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Problem(code: errno) }
    var failure = flush(bytes, to: file)
    if close(file) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(temporary, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw Problem(code: failure)
    }
  }

  /// Writes all bytes and waits until they are on the disk. Gives 0, or the number of what went
  /// wrong.
  private static func flush(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let start = buffer.baseAddress {
        let count = Foundation.write(file, start + done, buffer.count - done)
        if count > 0 { done += count } else if errno != EINTR { return errno }
      }
      return fsync(file) == 0 ? 0 : errno
    }
  }
}
