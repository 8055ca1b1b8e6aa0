/// A table read from separated values (RFC 4180): a line of names, unless it has none, and rows of
/// as many cells. Spaces around a cell or a name that stands in no quotes are no part of it.
package struct CSVTable {
  /// How a table is written.
  package struct Layout {
    /// What stands between two cells: an ASCII character other than a quote or the end of a line.
    package let separator: UInt8
    /// Whether the first line names the columns; where `nil` it should, and is refused where it
    /// looks like a row of numbers.
    package let hasHeader: Bool?

    /// `nil` for a separator that can be none.
    package init?(separator: String, hasHeader: Bool? = nil) {
      guard separator.utf8.count == 1, let byte = separator.utf8.first,
        !"\"\r\n".utf8.contains(byte), byte < 128
      else { return nil }
      self.separator = byte
      self.hasHeader = hasHeader
    }

    private init(comma: UInt8) { (separator, hasHeader) = (comma, nil) }

    /// Commas, below a line of names.
    package static let usual = Layout(comma: UInt8(ascii: ","))
  }

  /// The names of the columns; their numbers from 0 where the table has no names.
  package let header: [String]
  /// The cells as they are written, without their quotes.
  package let rows: [[String]]
  /// Line of the file on which each row starts, from 1.
  package let lines: [Int]

  /// Why a text is no such table, or has not what is asked of it. Lines are counted from 1.
  package enum Problem: Error, Hashable {
    case empty
    case rowLength(line: Int, cells: Int, columns: Int)
    case textAfterQuote(line: Int)
    case openQuote(line: Int)
    /// The first line holds this number, where names should stand.
    case numbersAsNames(String)
    case noColumn(String, known: [String])
    /// Several columns have the name that is asked for.
    case repeatedColumn(String)
    case noNumericColumn
    /// A column has not a single value.
    case emptyColumn(String)
    /// A column is asked for as a feature twice, or as a feature and as the label.
    case featureTwice(String)
    case featureIsLabel(String)
    /// Features are asked for, and none is named.
    case noFeatures
    case missingValue(line: Int, column: String)
    case notNumber(String, line: Int, column: String)
    /// A cell that is no number in a column with numbers, of which one stands on another line.
    case mixedColumn(Mixture)
    /// A number that an f32 cannot hold.
    case tooLarge(String, line: Int, column: String)
  }

  /// A column of numbers and of other cells.
  package struct Mixture: Hashable, Sendable {
    /// The name of the column.
    package let column: String
    /// The first cell that is no number.
    package let cell: String
    /// The line of that cell, from 1.
    package let line: Int
    /// The first cell that is one.
    package let number: String
    /// The line of that number, from 1.
    package let numberLine: Int
    /// The columns that hold nothing but numbers.
    package let numeric: [String]
    /// True where it is the column of the labels.
    package let isLabel: Bool

    /// A mixture; the column is one of features unless said.
    package init(
      column: String, cell: String, line: Int, number: String, numberLine: Int, numeric: [String],
      isLabel: Bool = false
    ) {
      self.column = column
      self.cell = cell
      self.line = line
      self.number = number
      self.numberLine = numberLine
      self.numeric = numeric
      self.isLabel = isLabel
    }
  }

  /// Reads a table. Lines without any character between rows are passed over. Throws `.empty` where
  /// there is no row, `.rowLength` where one has other than the first row's count of cells,
  /// `.textAfterQuote` and `.openQuote` for quotes out of place, and `.numbersAsNames` where names
  /// should stand first and do not.
  package init(_ text: String, layout: Layout = .usual) throws(Problem) {
    var reader = Reader(bytes: Array(text.utf8), separator: layout.separator)
    var first: [String]?
    var rows: [[String]] = []
    var lines: [Int] = []
    var start = reader.line
    while let row = try reader.row() {
      defer { start = reader.line }
      if row == [""] { continue }
      if let first, row.count != first.count {
        throw .rowLength(line: start, cells: row.count, columns: first.count)
      }
      if first == nil { first = row }
      rows.append(row)
      lines.append(start)
    }
    guard let first else { throw .empty }
    if layout.hasHeader == false {
      header = first.indices.map(String.init)
    } else {
      if layout.hasHeader == nil, let number = CSVTable.number(amongNames: first) {
        throw .numbersAsNames(number)
      }
      header = first
      rows.removeFirst()
      lines.removeFirst()
    }
    self.rows = rows
    self.lines = lines
  }

  /// What tells that a line holds numbers and no names: a number with a point, or nothing but
  /// numbers. A year may name a column.
  private static func number(amongNames names: [String]) -> String? {
    let broken = names.first { number($0) != nil && Int($0) == nil }
    return broken ?? (names.allSatisfy { number($0) != nil } ? names.first : nil)
  }

  /// The finite number that a cell spells in decimal digits, too large for a double as infinity;
  /// `nil` for any other cell.
  static func number(_ cell: String) -> Double? {
    guard cell.utf8.allSatisfy({ byte in "0123456789+-.eE".utf8.contains(byte) }) else {
      return nil
    }
    return Double(cell)
  }

  /// True for the ways in which a cell says that its value is missing, in capitals or not; numbers
  /// without an end are no values either.
  package static func isMissing(_ cell: String) -> Bool {
    guard cell.utf8.count <= 9 else { return false }
    let word = cell.lowercased()
    if ["", "na", "n/a", "null", "?"].contains(word) { return true }
    let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
    return ["nan", "inf", "infinity"].contains(unsigned)
  }

  /// Goes through the bytes, row by row.
  private struct Reader {
    let bytes: [UInt8]
    let separator: UInt8
    var place = 0
    var line = 1

    /// Begins at the first byte that is no byte order mark.
    init(bytes: [UInt8], separator: UInt8) {
      self.bytes = bytes
      self.separator = separator
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The cells of the next row; `nil` at the end.
    mutating func row() throws(Problem) -> [String]? {
      guard place < bytes.count else { return nil }
      var cells: [String] = []
      while true {
        cells.append(try cell())
        guard place < bytes.count else { return cells }
        let byte = bytes[place]
        place += 1
        if byte == separator {
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
      skipSpaces()
      if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try quoted() }
      let start = place
      while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
      var end = place
      while end > start, isSpace(bytes[end - 1]) { end -= 1 }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func quoted() throws(Problem) -> String {
      var content: [UInt8] = []
      let start = line
      place += 1
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        if byte == UInt8(ascii: "\"") {
          guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
            skipSpaces()
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

    private mutating func skipSpaces() {
      while place < bytes.count, isSpace(bytes[place]) { place += 1 }
    }

    /// A blank that separates nothing.
    private func isSpace(_ byte: UInt8) -> Bool {
      (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != separator
    }

    private func isEnd(_ byte: UInt8) -> Bool {
      byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
  }
}
