import Syntax
import Writing

/// Records as text of several lines: a field a line; lists of like records as tables, other long lists broken into
/// lines.
enum RecordText {
  /// Rows of a table, and lines of a long list, that are shown.
  private static let mostRows = 24
  private static let mostLines = 6
  private static let width = 80

  /// The record's name, then its fields.
  static func of(_ record: Record) -> String {
    if let display = record.display { return display }
    let names = record.fields.map(\.name.count).max() ?? 0
    var lines = [record.typeName]
    for (name, value) in record.fields {
      let head = "  " + name.padding(to: names)
      if case .list(let list) = value, let table = table(of: list) {
        lines.append("  \(name)")
        lines += table.map { "    " + $0 }
      } else {
        let broken = broken(value, margin: names + 4)
        lines.append(head + "  " + (broken.first ?? ""))
        lines += broken.dropFirst().map { String(repeating: " ", count: names + 4) + $0 }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The lines of a table of records that have the same fields; `nil` for other lists.
  static func table(of list: List) -> [String]? {
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
    var table = TextTable(
      [.right]
        + names.indices.map { column in
          rows.allSatisfy { isNumber($0[column]) } ? .right : .left
        })
    table.add([""] + names)
    for (number, row) in rows.enumerated() {
      table.add(["\(number)"] + row.map { cell($0) })
    }
    let rest = list.elements.count - rows.count
    return table.lines() + (rest > 0 ? ["… \(rest) more"] : [])
  }

  private static func cell(_ value: Value) -> String {
    if case .string(let text) = value { return text.string }
    return InlineText.of(value).clipped(to: width / 2)
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
