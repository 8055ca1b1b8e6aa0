/// Rows of cells, aligned in columns two spaces apart.
package struct TextTable {
  /// At which edge of its column a cell stands.
  package enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// A table without rows, of as many columns as alignments.
  package init(_ alignments: [Alignment]) { self.alignments = alignments }

  /// Adds a row; cells beyond the last column are not shown.
  package mutating func add(_ cells: String...) { rows.append(cells) }
  /// The same from a list.
  package mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines, each behind `indent`, without spaces at their ends.
  package func lines(indent: String = "") -> [String] {
    var widths = [Int](repeating: 0, count: alignments.count)
    for row in rows {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.columns)
      }
    }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() where column < widths.count {
        if column > 0 { line += "  " }
        let padding = String(repeating: " ", count: widths[column] - cell.columns)
        line += alignments[column] == .left ? cell + padding : padding + cell
      }
      return line.trimmedAtEnd
    }
  }
}
