import Writing

/// Draws reports with characters, for a terminal or a transcript.
///
/// Sentences and charts keep to the width; lines, tables and verbatim text stand as they are.
package struct TerminalRenderer: Sendable {
  /// Columns of the terminal.
  package let width: Int
  /// True where escape sequences colour the text.
  package let isColoured: Bool
  /// True where charts are told in words, and bars left out.
  package let isInWords: Bool
  /// Columns that sentences take at most.
  private let proseWidth: Int

  /// Draws without colours unless they are asked for, at least 40 columns wide; sentences take 80
  /// at most.
  package init(width: Int = 80, isColoured: Bool = false, isInWords: Bool = false) {
    self.width = max(width, 40)
    self.isColoured = isColoured
    self.isInWords = isInWords
    proseWidth = min(self.width, 80)
  }

  /// The renderer of what stands indented within what this one draws.
  private init(within outer: TerminalRenderer, indent: Int) {
    width = outer.width - indent
    isColoured = outer.isColoured
    isInWords = outer.isInWords
    proseWidth = outer.proseWidth - indent
  }

  /// The report, without a newline at the end.
  package func text(_ report: Report) -> String { lines(report.parts).joined(separator: "\n") }

  /// The report with a newline behind each of its lines: blocks one below the other are as if all
  /// had been one report.
  package func block(_ report: Report) -> String {
    lines(report.parts).map { $0 + "\n" }.joined()
  }

  /// Parts from top to bottom.
  func lines(_ parts: [Report.Part]) -> [String] { parts.flatMap(lines) }

  private func lines(_ part: Report.Part) -> [String] {
    switch part {
    case .paragraph(let text): paragraph(text)
    case .line(let text), .note(let text): [draw(text)]
    case .verbatim(let text), .code(let text): TerminalRenderer.split(text)
    case .names(let names):
      Wrapped.lines(names.joined(separator: "  "), width: proseWidth)
    case .items(let items):
      items.flatMap { paragraph("  " + $0, hanging: TerminalRenderer.mark(of: $0.plain)) }
    case .facts(let facts): lines(facts)
    case .table(let table): lines(table)
    case .chart(let chart): lines(chart)
    case .section(let section): lines(section)
    case .gap: [""]
    }
  }

  private func lines(_ chart: Chart) -> [String] {
    if isInWords { return words(chart) }
    return switch chart {
    case .timeline(let plot): lines(plot)
    case .curve(let plot): lines(plot)
    case .bars(let plot): lines(plot)
    case .pareto(let plot): lines(plot)
    case .tree(let outline): lines(outline)
    }
  }

  private func lines(_ section: Report.Section) -> [String] {
    switch section.rank {
    case .page: return [draw(section.title, within: .strong), ""] + lines(section.parts)
    case .group:
      let inner = TerminalRenderer(within: self, indent: 2)
      let title = section.title.isEmpty ? [] : [draw(section.title)]
      return title + inner.lines(section.parts).map { $0.isEmpty ? "" : "  " + $0 }
    }
  }

  /// The labels in a column, what is said of each beside it or below it.
  private func lines(_ facts: Report.Facts) -> [String] {
    let width = max(facts.labelWidth, facts.facts.map(\.label.columns).max() ?? 0)
    let margin = String(repeating: " ", count: width + 2)
    return facts.facts.flatMap { fact in
      let label = fact.label
      let room = String(repeating: " ", count: width - fact.label.columns + 2)
      var rows = fact.lines.map(draw)
      if rows.isEmpty {
        rows = [label]
      } else {
        rows = [(label + room + rows[0]).trimmedAtEnd] + rows.dropFirst().map { margin + $0 }
      }
      return rows + lines(fact.parts).map { "  " + $0 }
    }
  }

  // MARK: Text

  /// A paragraph broken into lines; its styles are drawn where it fits one line.
  private func paragraph(_ text: RichText, hanging: Int = 0) -> [String] {
    let lines = Wrapped.lines(text.plain, width: proseWidth, hanging: hanging)
    return isColoured ? styled(lines, as: text) : lines
  }

  /// Columns of the mark that an item begins with: `- `, `2. `, `A  `; its further lines stand
  /// behind it.
  private static func mark(of item: String) -> Int {
    if item.hasPrefix("- ") { return 2 }
    let mark = item.prefix { $0 != " " }
    let isNumber = mark.hasSuffix(".") && mark.dropLast().allSatisfy(\.isNumber) && mark.count > 1
    let isLetter = mark.count == 1 && item.dropFirst().hasPrefix("  ")
    return isNumber ? mark.count + 1 : isLetter ? 3 : 0
  }

  /// Lines that a text was broken into, each character in the style it has in the text.
  private func styled(_ lines: [String], as text: RichText) -> [String] {
    var styles = text.runs.flatMap { run in run.text.map { ($0, run.style) } }[...]
    return lines.map { line in
      var runs: [RichText.Run] = []
      for character in line {
        // A break took spaces out, or put an indent in.
        while let next = styles.first, next.0 != character, next.0 == " " { styles.removeFirst() }
        let style = styles.first?.0 == character ? styles.removeFirst().1 : .plain
        if let last = runs.last, last.style == style {
          runs[runs.count - 1] = RichText.Run(last.text + String(character), style)
        } else {
          runs.append(RichText.Run(String(character), style))
        }
      }
      return draw(RichText(runs))
    }
  }

  /// The runs of a text, coloured by their styles where colour is wanted; plain ones take the outer
  /// style.
  package func draw(_ text: RichText, within outer: RichText.Style = .plain) -> String {
    guard isColoured else { return text.plain }
    return text.runs.map { run in
      let style = run.style == .plain ? outer : run.style
      guard let code = TerminalRenderer.code(of: style) else { return run.text }
      return "\u{1B}[\(code)m\(run.text)\u{1B}[0m"
    }.joined()
  }

  /// The same, plain runs as they are.
  func draw(_ text: RichText) -> String { draw(text, within: .plain) }

  /// Drawn text, several lines at once, faint where colour is wanted.
  package func faint(_ text: String) -> String { draw(RichText(text, .faint)) }

  /// The number of a style's escape sequence.
  private static func code(of style: RichText.Style) -> String? {
    switch style {
    case .plain, .name: nil
    case .strong: "1"
    case .good: "32"
    case .bad: "31"
    case .faint: "2"
    }
  }

  /// The lines of a text, empty ones too.
  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
