/// A named text that Cairn reads: a script, a line typed into the REPL, the prelude.
package final class SourceText: Sendable {
  /// What messages call it: a file's path as given, `<stdin>`, `<repl 3>`, `<prelude>`.
  package let name: String
  package let text: String
  /// The text's UTF-8, which every offset counts in.
  package let bytes: [UInt8]
  /// Offsets at which lines begin.
  private let lineStarts: [Int]

  package init(name: String, text: String) {
    self.name = name
    self.text = text
    self.bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.lineStarts = starts
  }

  /// Lines in the text; an empty text has one.
  package var lineCount: Int { lineStarts.count }

  /// The place of a UTF-8 offset: line and column from 1, columns counted in characters.
  package func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = String(decoding: bytes[lineStarts[low]..<offset], as: UTF8.self).count + 1
    return SourcePosition(line: low + 1, column: column)
  }

  /// The text of a line (from 1) without its newline.
  package func line(_ number: Int) -> String {
    String(decoding: bytes[bounds(ofLine: number)], as: UTF8.self)
  }

  /// The UTF-8 offsets of a line (from 1) without its newline; empty for lines that are not there.
  package func bounds(ofLine number: Int) -> Range<Int> {
    guard number >= 1, number <= lineStarts.count else { return bytes.count..<bytes.count }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }
}

/// A place in a text: line and column, both from 1; columns count characters.
package struct SourcePosition: Hashable, Sendable {
  package let line: Int
  package let column: Int
}
