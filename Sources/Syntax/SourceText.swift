import Synchronization

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
  /// Places in long lines whose columns are known, so that no more than a stretch is counted for
  /// the column of another: offsets in order, each where a character begins.
  private let marks: [(offset: Int, column: Int)]
  /// Bytes between two marks, and at least in a line that has any.
  package static let stride = 1024
  private let counted = Atomic<Int>(0)

  /// Bytes that were gone through so far to find columns: the work of asking for places.
  package var bytesCounted: Int { counted.load(ordering: .relaxed) }

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
    self.marks = SourceText.marks(bytes, starts)
  }

  private static func marks(_ bytes: [UInt8], _ starts: [Int]) -> [(offset: Int, column: Int)] {
    var marks: [(offset: Int, column: Int)] = []
    for (place, start) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1] - 1 : bytes.count
      guard end - start >= stride else { continue }
      if bytes[start..<end].allSatisfy({ $0 < 0x80 }) {
        marks += Swift.stride(from: start, to: end, by: stride).map { ($0, $0 - start + 1) }
        continue
      }
      var (offset, column, next) = (start, 1, start)
      for character in String(decoding: bytes[start..<end], as: UTF8.self) {
        if offset >= next {
          marks.append((offset, column))
          next = offset + stride
        }
        offset += character.utf8.count
        column += 1
      }
    }
    return marks
  }

  /// The last mark at or before an offset that is not before `start`; `start` itself where there is
  /// none.
  private func mark(before offset: Int, from start: Int) -> (offset: Int, column: Int) {
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0, marks[low - 1].offset >= start else { return (start, 1) }
    return marks[low - 1]
  }

  /// The part of a line around an offset, as offsets: all of a short line, and of a long one at
  /// least a few hundred bytes to both sides and at most a few thousand in all.
  package func excerpt(ofLine number: Int, around offset: Int) -> Range<Int> {
    let line = bounds(ofLine: number)
    guard line.count > 2 * SourceText.stride else { return line }
    let place = min(max(offset, line.lowerBound), line.upperBound)
    let lower = mark(before: place - SourceText.stride, from: line.lowerBound).offset
    var upper = min(place + SourceText.stride, line.upperBound)
    while upper < line.upperBound, bytes[upper] & 0xC0 == 0x80 { upper += 1 }
    return lower..<upper
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
    let mark = mark(before: offset, from: lineStarts[low])
    counted.add(offset - mark.offset, ordering: .relaxed)
    let stretch = bytes[mark.offset..<offset]
    // Letters of ASCII are a character each.
    let behind =
      stretch.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") }
      ? stretch.count : String(decoding: stretch, as: UTF8.self).count
    return SourcePosition(line: firstLine + low, column: mark.column + behind)
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
