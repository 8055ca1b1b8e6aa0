/// A named text that Cairn reads: a script, a line typed into the REPL, the prelude.
package final class SourceText: Sendable {
  /// What messages call it: a file's path as given, `<stdin>`, `<repl 3>`, `<prelude>`.
  package let name: String
  /// All of it, as it was given.
  package let text: String
  /// The text's UTF-8, which every offset counts in.
  package let bytes: [UInt8]
  /// The number of its first line: more than 1 for a part of a text that is read bit by bit.
  package let firstLine: Int
  /// Offsets at which lines begin.
  private let lineStarts: [Int]

  /// A text and what messages call it.
  package init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    self.firstLine = firstLine
    self.text = text
    self.bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.lineStarts = starts
  }

  /// The number of its last line; an empty text has one.
  package var lastLine: Int { firstLine + lineStarts.count - 1 }

  /// The place of a UTF-8 offset: the line's number, and the column from 1, counted in characters.
  package func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = String(decoding: bytes[lineStarts[low]..<offset], as: UTF8.self).count + 1
    return SourcePosition(line: firstLine + low, column: column)
  }

  /// The text of a line without its newline.
  package func line(_ number: Int) -> String {
    String(decoding: bytes[bounds(ofLine: number)], as: UTF8.self)
  }

  /// The UTF-8 offsets of a line without its newline; empty for lines that are not there.
  package func bounds(ofLine number: Int) -> Range<Int> {
    let place = number - firstLine
    guard lineStarts.indices.contains(place) else { return bytes.count..<bytes.count }
    let start = lineStarts[place]
    var end = place + 1 < lineStarts.count ? lineStarts[place + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }
}

/// A place in a text; a part of a text counts lines from the start of the whole.
package struct SourcePosition: Hashable, Sendable {
  /// The line, from 1.
  package let line: Int
  /// The column, from 1, counted in characters.
  package let column: Int
}
