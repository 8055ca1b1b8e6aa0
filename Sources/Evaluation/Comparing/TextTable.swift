/// A plain table: columns two spaces apart, numbers to the right.
struct TextTable {
  private var rows: [[String]]
  private var notes: [String] = []
  private let rightAligned: Set<Int>

  init(header: [String], rightAligned: Set<Int> = []) {
    self.rows = [header]
    self.rightAligned = rightAligned
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// A line below the table.
  mutating func note(_ line: String) { notes.append(line) }

  var text: String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    let lines = rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (rightAligned.contains(column) ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    return (lines + notes).joined(separator: "\n")
  }
}

/// Counts of operations as people read them: `1.2 M`.
package enum CountFormat {
  package static func text(_ count: Int) -> String {
    let units = ["", " k", " M", " G", " T", " P"]
    var value = Double(count)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    if unit == 0 { return "\(count)" }
    let scaled = (value * (value < 10 ? 100 : value < 100 ? 10 : 1)).rounded()
    let shown = scaled / (value < 10 ? 100 : value < 100 ? 10 : 1)
    let text = shown == shown.rounded() ? "\(Int(shown))" : "\(shown)"
    return text + units[unit]
  }
}
