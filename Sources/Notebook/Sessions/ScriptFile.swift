import Foundation
package import Syntax
import Writing

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

  /// Writes a file whole or not at all. Throws a diagnostic of kind `io` where it cannot be.
  package static func write(_ text: String, to path: String) throws(Diagnostic) {
    do { try WholeFile.write(text, to: path) } catch {
      throw .unwritableScript(path, error.code)
    }
  }
}
