/// Gives reports as JSON: an array of parts, each an object with its `type`; numbers are numbers
/// beside the name of their unit.
package enum JSONRenderer {
  /// The parts from top to bottom.
  package static func value(_ report: Report) -> JSONValue { value(report.parts) }

  private static func value(_ parts: [Report.Part]) -> JSONValue {
    .array(parts.compactMap(value))
  }

  /// `nil` for what only a drawing needs.
  private static func value(_ part: Report.Part) -> JSONValue? {
    switch part {
    case .paragraph(let text): object("paragraph", [("text", value(text))])
    case .line(let text): object("line", [("text", value(text))])
    case .note(let text): object("note", [("text", value(text))])
    case .verbatim(let text): object("verbatim", [("text", .string(text))])
    case .code(let text): object("code", [("text", .string(text))])
    case .names(let names): object("names", [("names", .array(names.map(JSONValue.string)))])
    case .items(let items): object("items", [("items", .array(items.map(value)))])
    case .facts(let facts): object("facts", [("facts", .array(facts.facts.map(value)))])
    case .table(let table): value(table)
    case .chart(let chart): value(chart)
    case .section(let section):
      object("section", [("title", value(section.title)), ("parts", value(section.parts))])
    case .gap: nil
    }
  }

  private static func object(_ type: String, _ members: [(String, JSONValue)]) -> JSONValue {
    .object([("type", .string(type))] + members)
  }

  private static func value(_ fact: Report.Facts.Fact) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("label", .string(fact.label)), ("lines", .array(fact.lines.map(value))),
    ]
    if !fact.parts.isEmpty { members.append(("parts", value(fact.parts))) }
    return .object(members)
  }

  // MARK: Text

  /// A string where the text is plain, else an array of strings and of objects that say what a run
  /// is.
  private static func value(_ text: RichText) -> JSONValue {
    if text.runs.allSatisfy({ $0.style == .plain && $0.quantity == nil }) {
      return .string(text.plain)
    }
    return .array(text.runs.map(value))
  }

  private static func value(_ run: RichText.Run) -> JSONValue {
    var members: [(String, JSONValue)] = [("text", .string(run.text))]
    if run.style != .plain { members.append(("style", .string(run.style.rawValue))) }
    if let quantity = run.quantity { members.append(member(quantity)) }
    return members.count == 1 ? .string(run.text) : .object(members)
  }

  /// The number of a quantity under the name of its unit.
  private static func member(_ quantity: RichText.Quantity) -> (String, JSONValue) {
    switch quantity {
    case .bytes(let amount): ("bytes", .integer(amount))
    case .count(let amount): ("count", .integer(amount))
    case .flops(let amount): ("flops", .integer(amount))
    }
  }

  // MARK: Tables

  private static func value(_ table: ReportTable) -> JSONValue {
    let columns = table.columns.map { column -> JSONValue in
      .object([
        ("title", .string(column.title)),
        ("align", .string(column.alignment == .left ? "left" : "right")),
        ("unit", column.unit.map(JSONValue.string) ?? .null),
      ])
    }
    let rows = table.rows.map { row -> JSONValue in
      .object([
        ("cells", .array(row.cells.map(value))), ("total", .boolean(row.isTotal)),
      ])
    }
    return object("table", [("columns", .array(columns)), ("rows", .array(rows))])
  }

  private static func value(_ cell: TableCell) -> JSONValue {
    switch cell {
    case .text(let text): value(text)
    case .bytes(let bytes), .exactBytes(let bytes), .byteChange(let bytes):
      .object([("bytes", .integer(bytes))])
    case .count(let count): .object([("count", .integer(count))])
    case .integer(let number): .integer(number)
    case .flops(let count): .object([("flops", .integer(count))])
    case .number(let number, _): .number(number)
    case .percent(let part, let whole), .bar(let part, let whole, _):
      .object([("part", .integer(part)), ("of", .integer(whole))])
    case .decrease(let part, let whole):
      .object([("part", .integer(-part)), ("of", .integer(whole))])
    case .flag(let flag, _, _): .boolean(flag)
    }
  }

  // MARK: Charts

  private static func value(_ chart: Chart) -> JSONValue {
    switch chart {
    case .timeline(let plot):
      object(
        "timeline", [("unit", .string("bytes")), ("subjects", .array(plot.subjects.map(value)))])
    case .curve(let plot):
      object(
        "curve",
        [
          ("x", .string(plot.xTitle)), ("y", .string(plot.yTitle)),
          (
            "series",
            .array(
              plot.series.map {
                .object([
                  ("name", .string($0.name)), ("values", .array($0.values.map(JSONValue.number))),
                ])
              })
          ),
        ])
    case .bars(let plot):
      object(
        "bars",
        [
          (
            "items",
            .array(plot.items.map { .object([("label", .string($0.label)), member($0.quantity)]) })
          )
        ])
    case .pareto(let plot):
      object("pareto", [("points", .array(plot.points.map(value)))])
    case .tree(let outline):
      object("tree", [("rows", .array(outline.rows.map(value)))])
    }
  }

  private static func value(_ subject: TimelinePlot.Subject) -> JSONValue {
    let layers = TimelinePlot.Layer.allCases.map { layer in
      (layer.name, JSONValue.array(subject.moments.map { .integer($0[layer]) }))
    }
    return .object([
      ("title", value(subject.title)), ("peak_action", .integer(subject.peakAction)),
      ("backward_from", subject.turn.map(JSONValue.integer) ?? .null), ("layers", .object(layers)),
    ])
  }

  private static func value(_ point: ParetoPlot.Point) -> JSONValue {
    .object([
      ("name", .string(point.name)), ("bytes", .integer(point.peak)),
      ("replay", .number(point.replay)), ("front", .boolean(point.isOnFront)),
    ])
  }

  private static func value(_ row: Outline.Row) -> JSONValue {
    .object([
      ("depth", .integer(row.depth)), ("label", value(row.label)),
      ("bytes", row.bytes.map(JSONValue.integer) ?? .null),
    ])
  }
}
