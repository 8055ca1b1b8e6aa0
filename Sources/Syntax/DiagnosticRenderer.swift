import Writing

/// Draws a diagnostic as text: what is wrong, where, the source line with carets under the place,
/// the notes in the same way, and the hint.
package struct DiagnosticRenderer: Sendable {
  /// True to colour with ANSI sequences; for terminals only.
  package let isColoured: Bool

  /// Draws without colours unless they are asked for.
  package init(isColoured: Bool = false) {
    self.isColoured = isColoured
  }

  /// The drawing; several lines, without a newline at the end.
  package func text(_ diagnostic: Diagnostic) -> String {
    let places = [diagnostic.range].compactMap { $0 } + diagnostic.notes.map(\.range)
    let gutter = places.map { String(lastLine($0)).count }.max() ?? 0
    var lines = [
      paint("error[\(diagnostic.code)]", .error) + paint(": \(diagnostic.message)", .strong)
    ]
    if let range = diagnostic.range {
      lines += excerpt(range, gutter: gutter, mark: "^", style: .error)
    }
    for note in diagnostic.notes {
      lines.append(paint("note", .note) + ": \(note.text)")
      lines += excerpt(note.range, gutter: gutter, mark: "-", style: .note)
    }
    if let hint = diagnostic.hint { lines.append(paint("hint", .hint) + ": \(hint)") }
    return lines.joined(separator: "\n")
  }

  /// The place, and its first and last lines with marks under what is in the range.
  private func excerpt(
    _ range: SourceRange, gutter: Int, mark: Character, style: Style
  ) -> [String] {
    let margin = String(repeating: " ", count: gutter)
    let (start, last) = (range.start, lastLine(range))
    var lines = [
      paint("\(margin)--> ", .frame) + "\(range.source.name):\(start.line):\(start.column)",
      paint("\(margin) |", .frame),
    ]
    for number in Set([start.line, last]).sorted() {
      if number == last, last > start.line + 1 { lines.append(paint("\(margin)...", .frame)) }
      let bounds = range.source.excerpt(ofLine: number, around: range.lower)
      let text = prefix(of: range.source, bounds.lowerBound, bounds.upperBound)
      let before = prefix(of: range.source, bounds.lowerBound, range.lower)
      let upTo = prefix(of: range.source, bounds.lowerBound, min(range.upper, bounds.upperBound))
      let start = Self.columns(before)
      let (shown, from) = Self.window(Self.expanded(text), around: start)
      let room = max(1, Self.columns(shown) - (start - from))
      let marks = min(max(1, Self.columns(upTo) - start), room)
      let label = String(number)
      let pad = String(repeating: " ", count: gutter - label.count)
      lines.append(paint("\(pad)\(label) |", .frame) + " " + shown)
      lines.append(
        paint("\(margin) |", .frame) + " " + String(repeating: " ", count: start - from)
          + paint(String(repeating: mark, count: marks), style))
    }
    return lines
  }

  /// The line that the range's last character stands on.
  private func lastLine(_ range: SourceRange) -> Int {
    range.source.position(at: max(range.lower, range.upper - 1)).line
  }

  private func prefix(of source: SourceText, _ lower: Int, _ upper: Int) -> String {
    let upper = min(max(lower, upper), source.bytes.count)
    return String(decoding: source.bytes[lower..<upper], as: UTF8.self)
  }

  // MARK: widths

  /// Columns that a text takes: tabs as drawn, wide characters two, combining ones none.
  package static func columns(_ text: String) -> Int {
    var columns = 0
    for character in text {
      columns += character == "\t" ? tab - columns % tab : width(character)
    }
    return columns
  }

  private static let tab = 4

  /// A line as drawn: tabs become spaces, other control characters U+FFFD.
  private static func expanded(_ text: String) -> String {
    var drawn = ""
    var column = 0
    for character in text {
      if character == "\t" {
        let count = tab - column % tab
        drawn += String(repeating: " ", count: count)
        column += count
      } else {
        drawn.append(isControl(character) ? "\u{FFFD}" : character)
        column += width(character)
      }
    }
    return drawn
  }

  /// Columns of a line that are shown; a longer one is cut around the place that matters.
  private static let widest = 160

  /// The part of a drawn line around a column, ellipses where something was cut, and the column
  /// that it begins at.
  private static func window(_ drawn: String, around column: Int) -> (text: String, from: Int) {
    guard columns(drawn) > widest else { return (drawn, 0) }
    let first = max(0, column - widest / 4)
    var part = first > 0 ? "…" : ""
    var place = 0
    for character in drawn {
      if place >= first + widest - 2 {
        part += "…"
        break
      }
      if place >= first + (first > 0 ? 1 : 0) { part.append(character) }
      place += width(character)
    }
    return (part, first)
  }

  /// Columns of a character as drawn: a control character stands as U+FFFD.
  private static func width(_ character: Character) -> Int {
    isControl(character) ? 1 : character.columns
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
  }

  // MARK: colour

  private enum Style: String {
    case error = "1;31"
    case strong = "1"
    case note = "1;36"
    case hint = "1;32"
    case frame = "34"
  }

  private func paint(_ text: String, _ style: Style) -> String {
    isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
