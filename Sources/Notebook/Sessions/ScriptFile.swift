import Foundation
package import Syntax

/// Files of Cairn text, read and written whole.
package enum ScriptFile {
  /// The text of a file. Throws a diagnostic of kind `io` where it cannot be had.
  ///
  /// - Parameter name: what messages call it; the path where `nil`.
  package static func read(_ path: String, name: String? = nil) throws(Diagnostic) -> SourceText {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadableScript(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw .scriptIsDirectory(path)
    }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .unreadableScript(path, errno) }
    defer { close(descriptor) }
    return try SourceText(name: name ?? path, text: text(of: descriptor, path: path))
  }

  /// All of standard input.
  package static func readStandardInput() throws(Diagnostic) -> SourceText {
    try SourceText(name: "<stdin>", text: text(of: STDIN_FILENO, path: "standard input"))
  }

  private static func text(of descriptor: Int32, path: String) throws(Diagnostic) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadableScript(path, errno)
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .scriptNotUTF8(path)
    }
    return text
  }

  /// Writes a file whole or not at all: beside it first, then renamed over it. Keeps the file's
  /// permissions.
  package static func write(_ text: String, to path: String) throws(Diagnostic) {
    let path = resolved(path)
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o644
    let beside = path + ".\(getpid()).tmp"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .unwritableScript(path, errno) }
    var code: Int32 = 0
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count, code == 0 {
      let count = bytes[offset...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 { offset += count } else if errno != EINTR { code = errno }
    }
    if fsync(descriptor) != 0, code == 0, errno != EINVAL { code = errno }
    close(descriptor)
    if code == 0, rename(beside, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(beside)
      throw .unwritableScript(path, code)
    }
  }

  /// The file behind symbolic links, so that a link stays one.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
