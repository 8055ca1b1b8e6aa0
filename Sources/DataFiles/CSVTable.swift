/// A table read from comma-separated values (RFC 4180): a header, and rows of as many cells.
package struct CSVTable {
  package let header: [String]
  package let rows: [[String]]
  /// Line of the file on which each row starts, from 1.
  package let lines: [Int]

  /// Why a text is no such table, and on which line.
  package struct Problem: Error, Hashable {
    package let line: Int
    package let message: String
  }

  package init(_ text: String) throws(Problem) {
    var reader = Reader(bytes: Array(text.utf8))
    guard let header = try reader.row() else {
      throw Problem(line: 1, message: "is empty: it needs a header line")
    }
    var rows: [[String]] = []
    var lines: [Int] = []
    var start = reader.line
    while let row = try reader.row() {
      defer { start = reader.line }
      if row == [""] { continue }
      guard row.count == header.count else {
        throw Problem(
          line: start,
          message:
            "has \(row.count) cells on line \(start), but \(header.count) names in its header")
      }
      rows.append(row)
      lines.append(start)
    }
    self.header = header
    self.rows = rows
    self.lines = lines
  }

  /// Goes through the bytes, row by row.
  private struct Reader {
    let bytes: [UInt8]
    var place = 0
    var line = 1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func row() throws(Problem) -> [String]? {
      guard place < bytes.count else { return nil }
      var cells: [String] = []
      while true {
        cells.append(try cell())
        guard place < bytes.count else { return cells }
        let byte = bytes[place]
        place += 1
        if byte == UInt8(ascii: ",") {
          if place == bytes.count {
            cells.append("")
            return cells
          }
          continue
        }
        if byte == UInt8(ascii: "\r"), place < bytes.count, bytes[place] == UInt8(ascii: "\n") {
          place += 1
        }
        line += 1
        return cells
      }
    }

    private mutating func cell() throws(Problem) -> String {
      var content: [UInt8] = []
      if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
        let start = line
        place += 1
        while place < bytes.count {
          let byte = bytes[place]
          place += 1
          if byte == UInt8(ascii: "\"") {
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
              guard place == bytes.count || isEnd(bytes[place]) else {
                throw Problem(line: line, message: "has text after a closing quote on line \(line)")
              }
              return String(decoding: content, as: UTF8.self)
            }
            place += 1
          }
          if byte == UInt8(ascii: "\n") { line += 1 }
          content.append(byte)
        }
        throw Problem(line: start, message: "has a quote on line \(start) that is never closed")
      }
      while place < bytes.count, !isEnd(bytes[place]) {
        content.append(bytes[place])
        place += 1
      }
      return String(decoding: content, as: UTF8.self)
    }

    private func isEnd(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
  }

  /// True for the ways in which a cell says that its value is missing.
  package static func isMissing(_ cell: String) -> Bool {
    ["", "NA", "N/A", "NaN", "nan", "null", "?"].contains(cell)
  }
}
