import Writing

/// Rows of typed cells under columns.
package struct ReportTable: Hashable, Sendable {
  /// What the cells of a column have in common.
  package struct Column: Hashable, Sendable {
    /// How the cells of a column stand.
    package enum Alignment: Hashable, Sendable { case left, right }

    /// What stands above it; empty where nothing does.
    package let title: String
    /// The side that its cells stand on.
    package let alignment: Alignment
    /// What the numbers of the column count, where the cells do not say: `steps`.
    package let unit: String?
    /// True where sizes are compared down the column: those that differ are written differently.
    package let isCompared: Bool

    /// A title and a side; `left`, `right` and `sizes` make the usual ones.
    package init(
      _ title: String, _ alignment: Alignment, unit: String? = nil, isCompared: Bool = false
    ) {
      self.title = title
      self.alignment = alignment
      self.unit = unit
      self.isCompared = isCompared
    }

    /// A column of words.
    package static func left(_ title: String = "") -> Column { Column(title, .left) }
    /// A column of numbers.
    package static func right(_ title: String = "", unit: String? = nil) -> Column {
      Column(title, .right, unit: unit)
    }
    /// A column of bytes that are compared: two that differ by less than the digits show are both
    /// written to the byte.
    package static func sizes(_ title: String = "") -> Column {
      Column(title, .right, isCompared: true)
    }
  }

  /// The cells of a line.
  package struct Row: Hashable, Sendable {
    /// One a column, from left to right.
    package let cells: [TableCell]
    /// True for a row that sums the others up.
    package let isTotal: Bool
  }

  /// From left to right.
  package let columns: [Column]
  /// From top to bottom.
  package private(set) var rows: [Row] = []

  /// A table without rows.
  package init(_ columns: [Column]) { self.columns = columns }
  /// The same.
  package init(_ columns: Column...) { self.columns = columns }

  /// The table as a person reads it: in columns of sizes that are compared, to the byte where
  /// their short forms are one.
  package var toldApart: ReportTable {
    var table = self
    for (place, column) in columns.enumerated() where column.isCompared {
      let sizes = Set(rows.compactMap { $0.cells[place].size })
      let counts = Dictionary(grouping: sizes, by: ByteFormat.text)
      table.rows = table.rows.map { row in
        guard let size = row.cells[place].size, counts[ByteFormat.text(size)]?.count ?? 0 > 1
        else { return row }
        var cells = row.cells
        cells[place] = .exactBytes(size)
        return Row(cells: cells, isTotal: row.isTotal)
      }
    }
    return table
  }

  /// True where a column has a title.
  package var hasTitles: Bool { columns.contains { !$0.title.isEmpty } }

  /// Adds a row, one cell a column.
  package mutating func add(_ cells: TableCell..., isTotal: Bool = false) {
    add(cells, isTotal: isTotal)
  }

  /// The same with cells made elsewhere.
  package mutating func add(_ cells: [TableCell], isTotal: Bool = false) {
    rows.append(Row(cells: cells, isTotal: isTotal))
  }
}

/// A cell of a table: what it holds, so that each renderer can write it its own way.
package enum TableCell: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// Words.
  case text(RichText)
  /// `12.5 KiB`
  case bytes(Int)
  /// `12,800 B`
  case exactBytes(Int)
  /// `+12,800 B`, `-64 B`, `0 B`
  case byteChange(Int)
  /// `7,520`
  case count(Int)
  /// `7520`: an index, or a number in a column that has always been written so.
  case integer(Int)
  /// `1.2 M`
  case flops(Int)
  /// A number, and the digits that stand for it.
  case number(Double, digits: String)
  /// `12.5 %`: a part of a whole.
  case percent(Int, of: Int)
  /// `-12.5 %`: by so much less than a whole.
  case decrease(Int, of: Int)
  /// A yes or a no, in the words for each; good or bad where it matters.
  case flag(Bool, yes: String, no: String)
  /// A part of a whole as a bar of at most so many characters.
  case bar(Int, of: Int, width: Int)

  package init(stringLiteral text: String) { self = .text(RichText(text)) }
  package init(stringInterpolation: RichText.StringInterpolation) {
    self = .text(RichText(stringInterpolation: stringInterpolation))
  }
  /// A cell of text.
  package init(_ text: String) { self = .text(RichText(text)) }

  /// `0.25`: so many decimals.
  package static func number(_ value: Double, decimals: Int) -> TableCell {
    .number(value, digits: Decimals.fixed(value, decimals))
  }

  /// The bytes that the cell holds, where it holds a size.
  fileprivate var size: Int? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }

  /// The cell as a person reads it.
  package var reading: String {
    switch self {
    case .text(let text): text.plain
    case .bytes(let bytes): ByteFormat.text(bytes)
    case .exactBytes(let bytes): ByteFormat.exact(bytes)
    case .byteChange(let bytes): (bytes > 0 ? "+" : "") + ByteFormat.exact(bytes)
    case .count(let count): CountFormat.grouped(count)
    case .integer(let number): String(number)
    case .flops(let count): CountFormat.brief(count)
    case .number(_, let digits): digits
    case .percent(let part, let whole): CountFormat.percent(part, of: whole)
    case .decrease(let part, let whole): "-" + CountFormat.percent(part, of: whole)
    case .flag(let flag, let yes, let no): flag ? yes : no
    case .bar(let part, let whole, let width): Bar.text(part, of: whole, width: width)
    }
  }
}
