/// A table read from comma-separated values (RFC 4180): a header, and rows of as many cells.
package struct CSVTable {
  /// The names of the columns.
  package let header: [String]
  /// The cells as they are written, without their quotes.
  package let rows: [[String]]
  /// Line of the file on which each row starts, from 1.
  package let lines: [Int]

  /// Why a text is no such table, or has not what is asked of it. Lines are counted from 1.
  package enum Problem: Error, Hashable {
    case empty
    case rowLength(line: Int, cells: Int, names: Int)
    case textAfterQuote(line: Int)
    case openQuote(line: Int)
    case noColumn(String, known: [String])
    case noNumericColumn
    case missingValue(line: Int, column: String)
    case notNumber(String, line: Int, column: String)
    /// A number that an f32 cannot hold.
    case tooLarge(String, line: Int, column: String)
  }

  package init(_ text: String) throws(Problem) {
    var reader = Reader(bytes: Array(text.utf8))
    guard let header = try reader.row() else {
      throw .empty
    }
    var rows: [[String]] = []
    var lines: [Int] = []
    var start = reader.line
    while let row = try reader.row() {
      defer { start = reader.line }
      if row == [""] { continue }
      guard row.count == header.count else {
        throw .rowLength(line: start, cells: row.count, names: header.count)
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
                throw .textAfterQuote(line: line)
              }
              return String(decoding: content, as: UTF8.self)
            }
            place += 1
          }
          if byte == UInt8(ascii: "\n") { line += 1 }
          content.append(byte)
        }
        throw .openQuote(line: start)
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
