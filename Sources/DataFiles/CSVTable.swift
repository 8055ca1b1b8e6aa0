package import Tensors

/// A table read from separated values (RFC 4180): a line of names, unless it has none, and rows of
/// as many cells. Spaces around a cell or a name that stands in no quotes are no part of it.
package final class CSVTable {
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

    private init(_ separator: UInt8) { (self.separator, hasHeader) = (separator, nil) }

    /// Commas, below a line of names.
    package static let usual = Layout(UInt8(ascii: ","))
    /// Tabs, below a line of names.
    package static let tabs = Layout(UInt8(ascii: "\t"))
  }

  /// The names of the columns; their numbers from 0 where the table has no names.
  package let header: [String]
  /// Rows under the names.
  package let rowCount: Int
  /// What the columns hold.
  let columns: [Column.Survey]
  private let stream: any RereadableStream
  private let layout: Layout
  let ledger: Ledger
  /// What names and columns take, in the account.
  private let workspace: Workspace

  /// Why a text is no such table, or has not what is asked of it. Lines are counted from 1.
  package enum Problem: Error, Hashable {
    case empty
    case rowLength(line: Int, cells: Int, columns: Int)
    /// A cell of more bytes than are read.
    case longCell(line: Int, limit: Int)
    /// Bytes that are no text in UTF-8.
    case notUTF8(line: Int)
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
    /// More different words are labels than classes are made of.
    case manyClasses(String, limit: Int)
    /// More different words are in a column that is a feature than are made numbers of.
    case manyCategories(String, limit: Int)
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

  /// Looks through a table once, and holds a piece and a cell of it at a time; its rows are read
  /// anew where they are asked for. Lines without any character between rows are passed over.
  ///
  /// Throws `.empty` where there is no row, `.rowLength` where one has other than the first row's
  /// count of cells, `.textAfterQuote` and `.openQuote` for quotes out of place, `.longCell` and
  /// `.notUTF8` for cells that cannot be, and `.numbersAsNames` where names should stand first and
  /// do not.
  package init(
    _ stream: any RereadableStream, layout: Layout = .usual, ledger: Ledger
  ) throws(DataFileFault) {
    self.stream = stream
    self.layout = layout
    self.ledger = ledger
    let workspace = try room { () throws(MemoryError) in try Workspace(ledger: ledger) }
    self.workspace = workspace
    var reader = try CSVReader(stream, separator: layout.separator)
    let first = try CSVTable.firstRow(&reader, workspace)
    if layout.hasHeader == nil, let number = CSVTable.number(amongNames: first) {
      throw .csv(.numbersAsNames(number))
    }
    var columns = first.map { _ in Column.Survey() }
    var rowCount = 0
    if layout.hasHeader == false {
      header = first.indices.map(String.init)
      for (column, cell) in first.enumerated() {
        Array(cell.utf8).withUnsafeBufferPointer { columns[column].see($0, line: 1) }
      }
      rowCount = 1
    } else {
      header = first
    }
    let others = try CSVTable.scan(&reader, columns: first.count) { (column, cell, line) in
      columns[column].see(cell, line: line)
    } endOfRow: { _ in
    }
    self.columns = columns
    self.rowCount = rowCount + others
  }

  /// The cells of the first row.
  private static func firstRow(
    _ reader: inout CSVReader, _ workspace: Workspace
  ) throws(DataFileFault) -> [String] {
    while true {
      var cells: [String] = []
      var end = CSVReader.End.separator
      while end == .separator {
        guard let next = try reader.next() else { throw .csv(.empty) }
        end = next
        let bytes = reader.cell.count
        try room { () throws(MemoryError) in
          try workspace.add(MemoryLayout<Column.Survey>.size + 64 + 2 * bytes)
        }
        guard let cell = String(validating: reader.cell, as: UTF8.self) else {
          throw .csv(.notUTF8(line: reader.rowLine))
        }
        cells.append(cell)
      }
      if cells != [""] { return cells }
    }
  }

  /// Goes through the rows once more, from the first.
  func scan(
    cell: (_ column: Int, _ cell: UnsafeBufferPointer<UInt8>, _ line: Int) throws(DataFileFault) ->
      Void,
    endOfRow: (_ line: Int) throws(DataFileFault) -> Void
  ) throws(DataFileFault) {
    try stream.rewind()
    var reader = try CSVReader(stream, separator: layout.separator)
    if layout.hasHeader != false { _ = try CSVTable.firstRow(&reader, workspace) }
    _ = try CSVTable.scan(&reader, columns: header.count, cell: cell, endOfRow: endOfRow)
  }

  /// Calls a body with each cell, by its column, and the line of its row, and another after each
  /// row. Gives how many rows there are.
  private static func scan(
    _ reader: inout CSVReader, columns: Int,
    cell: (_ column: Int, _ cell: UnsafeBufferPointer<UInt8>, _ line: Int) throws(DataFileFault) ->
      Void,
    endOfRow: (_ line: Int) throws(DataFileFault) -> Void
  ) throws(DataFileFault) -> Int {
    var rows = 0
    var column = 0
    while let end = try reader.next() {
      // An empty line is no row.
      if column == 0, end != .separator, reader.cell.isEmpty { continue }
      if !reader.isASCII, String(validating: reader.cell, as: UTF8.self) == nil {
        throw .csv(.notUTF8(line: reader.rowLine))
      }
      if column < columns { try cell(column, reader.cell, reader.rowLine) }
      column += 1
      if end == .separator { continue }
      guard column == columns else {
        throw .csv(.rowLength(line: reader.rowLine, cells: column, columns: columns))
      }
      try endOfRow(reader.rowLine)
      rows += 1
      column = 0
    }
    return rows
  }

  /// What tells that a line holds numbers and no names: a number with a point, or nothing but
  /// numbers. A year may name a column.
  private static func number(amongNames names: [String]) -> String? {
    let broken = names.first { CSVCell.number($0) != nil && Int($0) == nil }
    return broken ?? (names.allSatisfy { CSVCell.number($0) != nil } ? names.first : nil)
  }
}
