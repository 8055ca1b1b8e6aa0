import Writing

/// Draws reports as HTML: semantic elements, charts as SVG, every text escaped.
///
/// Nothing is fetched: the style sheet stands in the page, light or dark as the reader's system
/// asks.
package enum HTMLRenderer {
  /// A whole page.
  package static func page(_ report: Report, title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escape(title))</title>
    <style>
    \(styleSheet)
    </style>
    </head>
    <body>
    <main>
    \(fragment(report))
    </main>
    </body>
    </html>

    """
  }

  /// The report alone, for a page that has the style sheet.
  package static func fragment(_ report: Report) -> String { html(report.parts, depth: 1) }

  /// A text that stands for itself in HTML, in attributes too.
  package static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  // MARK: Parts

  /// Parts from top to bottom; `depth` is the rank of the next heading.
  static func html(_ parts: [Report.Part], depth: Int) -> String {
    parts.map { html($0, depth: depth) }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func html(_ part: Report.Part, depth: Int) -> String {
    switch part {
    case .paragraph(let text), .line(let text): "<p>\(html(text))</p>"
    case .note(let text): "<p class=\"note\">\(html(text))</p>"
    case .verbatim(let text): "<pre tabindex=\"0\">\(escape(text))</pre>"
    case .code(let text):
      "<pre class=\"code\" tabindex=\"0\"><code>\(escape(dedented(text)))</code></pre>"
    case .names(let names):
      "<p class=\"names\">"
        + names.map { "<code>\(escape($0))</code>" }.joined(separator: " ") + "</p>"
    case .items(let items):
      "<ul>" + items.map { "<li>\(html($0))</li>" }.joined() + "</ul>"
    case .facts(let facts): html(facts, depth: depth)
    case .table(let table): html(table)
    case .chart(let chart): html(chart)
    case .section(let section):
      """
      <section>
      <h\(min(depth, 6))>\(html(section.title))</h\(min(depth, 6))>
      \(html(section.parts, depth: depth + 1))
      </section>
      """
    case .gap: ""
    }
  }

  private static func html(_ facts: Report.Facts, depth: Int) -> String {
    let rows = facts.facts.map { fact in
      let lines = fact.lines.map(html).joined(separator: "<br>")
      return "<dt>\(escape(fact.label))</dt><dd>\(lines)\(html(fact.parts, depth: depth))</dd>"
    }
    return "<dl>" + rows.joined(separator: "\n") + "</dl>"
  }

  private static func html(_ chart: Chart) -> String {
    switch chart {
    case .timeline(let plot): SVGChart.timeline(plot)
    case .curve(let plot): SVGChart.curve(plot)
    case .bars(let plot): SVGChart.bars(plot)
    case .pareto(let plot): SVGChart.pareto(plot)
    case .tree(let outline): html(outline)
    }
  }

  // MARK: Text

  /// A text as HTML, each run in the element of its style.
  static func html(_ text: RichText) -> String {
    text.runs.enumerated().map { place, run in
      // An indent is for terminals.
      let shown = place == 0 ? run.text.drop { $0 == " " } : run.text[...]
      let inner = spaced(escape(String(shown)))
      switch run.style {
      case .plain:
        return run.quantity == nil ? inner : "<span class=\"number\">\(inner)</span>"
      case .name: return "<code>\(inner)</code>"
      case .strong: return "<strong>\(inner)</strong>"
      case .good: return "<span class=\"good\">\(inner)</span>"
      case .bad: return "<strong class=\"bad\">\(inner)</strong>"
      case .faint: return "<span class=\"faint\">\(inner)</span>"
      }
    }.joined()
  }

  /// A wide space in place of several: a page would make them one.
  private static func spaced(_ text: String) -> String {
    text.replacing(/[ ]{2,}/, with: "\u{2003}")
  }

  /// Code without the indent that all its lines share.
  private static func dedented(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let indent =
      lines.filter { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(indent)) }.joined(separator: "\n")
  }

  // MARK: Tables and trees

  private static func html(_ table: ReportTable) -> String {
    var text = "<div class=\"scroll\" tabindex=\"0\"><table>\n"
    if table.hasTitles {
      let cells = table.columns.map { column in
        let unit = column.unit.map { " <small>\(escape($0))</small>" } ?? ""
        return "<th scope=\"col\"\(alignment(column))>\(escape(column.title))\(unit)</th>"
      }
      text += "<thead><tr>\(cells.joined())</tr></thead>\n"
    }
    text += "<tbody>\n"
    for row in table.toldApart.rows {
      let cells = table.columns.enumerated().map { place, column in
        let inner = row.cells.indices.contains(place) ? html(row.cells[place]) : ""
        return "<td\(alignment(column))>\(inner)</td>"
      }
      text += "<tr\(row.isTotal ? " class=\"total\"" : "")>\(cells.joined())</tr>\n"
    }
    return text + "</tbody></table></div>"
  }

  private static func alignment(_ column: ReportTable.Column) -> String {
    switch column.alignment {
    case .left: ""
    case .right: " class=\"right\""
    }
  }

  private static func html(_ cell: TableCell) -> String {
    switch cell {
    case .text(let text): html(text)
    case .flag(let flag, _, _):
      "<span class=\"\(flag ? "good" : "bad")\">\(escape(cell.reading))</span>"
    case .bar(let part, let whole, _):
      "<meter min=\"0\" max=\"\(max(whole, 1))\" value=\"\(max(part, 0))\"></meter>"
    case .bytes, .exactBytes, .byteChange, .count, .integer, .flops, .number, .percent, .decrease:
      escape(cell.reading)
    }
  }

  /// A tree as nested lists.
  private static func html(_ outline: Outline) -> String {
    var text = ""
    var depth = -1
    for row in outline.rows {
      if row.depth > depth {
        text += String(repeating: "<ul><li>", count: row.depth - depth)
      } else {
        text += String(repeating: "</li></ul>", count: depth - row.depth) + "</li>\n<li>"
      }
      depth = row.depth
      text += html(row.label)
      if let bytes = row.bytes { text += " <small>\(escape(ByteFormat.text(bytes)))</small>" }
    }
    text += String(repeating: "</li></ul>", count: depth + 1)
    return "<div class=\"tree\">\(text)</div>"
  }
}
