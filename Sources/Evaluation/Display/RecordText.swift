import Reports
import Syntax
import Writing

/// Records as reports: a field a line; lists of like records as tables, other long lists broken
/// into lines.
enum RecordText {
  /// Rows of a table, and lines of a long list, that are shown.
  private static let mostRows = 24
  private static let mostLines = 6
  private static let width = 80

  /// The record's name, then its fields.
  static func report(of record: Record) -> Report {
    if let display = record.display { return display }
    let margin = (record.fields.map(\.name.columns).max() ?? 0) + 4
    let facts = record.fields.map { name, value in
      if case .list(let list) = value, let parts = table(of: list) {
        return Report.Facts.Fact(name, lines: [], parts: parts)
      }
      return Report.Facts.Fact(name, lines: broken(value, margin: margin).map { RichText($0) })
    }
    return Report(.section(.init(RichText(record.typeName), [.facts(.init(facts))])))
  }

  /// A table of records that have the same fields; `nil` for other lists.
  static func table(of list: List) -> [Report.Part]? {
    guard case .record(let first)? = list.elements.first else { return nil }
    let names = first.fields.map(\.name)
    guard !names.isEmpty else { return nil }
    var rows: [[Value]] = []
    for element in list.elements.prefix(mostRows) {
      guard case .record(let record) = element, record.display == nil,
        record.fields.map(\.name) == names
      else { return nil }
      rows.append(record.fields.map(\.value))
    }
    var table = ReportTable(
      [.right()]
        + names.enumerated().map { column, name in
          rows.allSatisfy { isNumber($0[column]) } ? .right(name) : .left(name)
        })
    for (number, row) in rows.enumerated() {
      table.add([.integer(number)] + row.map { cell($0) })
    }
    let rest = list.elements.count - rows.count
    return [.table(table)] + (rest > 0 ? [.note("… \(rest) more")] : [])
  }

  private static func cell(_ value: Value) -> TableCell {
    switch value {
    case .integer(let number): .integer(number)
    case .bytes(let bytes): .bytes(bytes)
    case .float(let number): .number(number, digits: NumberFormat.number(number))
    case .string(let text): TableCell(text.string)
    case .none, .boolean, .list, .range, .dictionary, .function, .layer, .tensor, .dataSet,
      .batches,
      .optimizer, .strategy, .gradients, .plan, .record:
      TableCell(InlineText.of(value).clipped(to: width / 2))
    }
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .float, .bytes: true
    default: false
    }
  }

  /// A value on one line; a long list on several, at most `mostLines`.
  private static func broken(_ value: Value, margin: Int) -> [String] {
    let whole = InlineText.of(value)
    guard case .list(let list) = value, margin + whole.count > width else { return [whole] }
    var lines: [String] = []
    var line = "["
    for (number, element) in list.elements.enumerated() {
      let isLast = number == list.elements.count - 1
      let part = InlineText.of(element) + (isLast ? "]" : ",")
      if line.count > 1, margin + line.count + 1 + part.count > width {
        lines.append(line)
        guard lines.count < mostLines else {
          return lines + [" … \(list.elements.count - number) more]"]
        }
        line = " " + part
      } else {
        line += line.count > 1 ? " " + part : part
      }
    }
    return lines + [line]
  }
}
