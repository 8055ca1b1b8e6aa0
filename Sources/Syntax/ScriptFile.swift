import Writing

/// Files of Cairn text, read and written whole.
package enum ScriptFile {
  /// Most bytes that a script may have: 16 MiB.
  package static let limit = 16 << 20

  /// The text of a file: a regular one, or a pipe. Throws a diagnostic of kind `io` where it cannot
  /// be had.
  ///
  /// - Parameters:
  ///   - name: what messages call it; the path where `nil`.
  ///   - range: the place that asks for it; `nil` where no text does.
  ///   - isWrittenAgain: True where `rewrite` is to follow: a pipe is then refused.
  ///   - isStopped: asked while a pipe has nothing to give.
  package static func read(
    _ path: String, name: String? = nil, at range: SourceRange? = nil,
    isWrittenAgain: Bool = false, isStopped: () -> Bool = { false }
  ) throws(Diagnostic) -> SourceText {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.read(
        path, atMost: limit, isWrittenAgain: isWrittenAgain, isStopped: isStopped)
    } catch {
      throw .unreadableScript(name ?? path, path: path, error, at: range)
    }
    return try text(bytes, name: name ?? path, at: range)
  }

  /// The text that a file's bytes are. Throws a diagnostic of kind `io` where they are none.
  package static func text(
    _ bytes: [UInt8], name: String, at range: SourceRange? = nil
  ) throws(Diagnostic) -> SourceText {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .scriptNotUTF8(name, bytes, at: range)
    }
    return SourceText(name: name, text: text)
  }

  /// All of standard input. Throws as `read` does.
  ///
  /// - Parameter isStopped: asked while there is nothing to be read.
  package static func readStandardInput(
    isStopped: () -> Bool = { false }
  ) throws(Diagnostic) -> SourceText {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.readStandardInput(atMost: limit, isStopped: isStopped)
    } catch {
      throw .unreadableInput(error)
    }
    return SourceText(name: "<stdin>", text: try text(bytes, name: "standard input").text)
  }

  /// Writes a file whole or not at all. Throws a diagnostic of kind `io` where it cannot be.
  ///
  /// - Parameter isStopped: asked while a pipe takes nothing.
  package static func write(
    _ text: String, to path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(Diagnostic) {
    do { try WholeFile.write(text, to: path, isStopped: isStopped) } catch {
      throw .unwritableScript(path, error)
    }
  }

  /// Gives a file that was read another text. Throws a diagnostic of kind `io` where that cannot
  /// be, and where the file has changed since it was read: it is then left as it is.
  package static func rewrite(_ source: SourceText, as text: String, path: String)
    throws(Diagnostic)
  {
    do { try WholeFile.write(text, to: path, replacing: source.bytes) } catch {
      throw .unwritableScript(path, error)
    }
  }
}
