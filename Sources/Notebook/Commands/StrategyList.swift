package import Reports
import Schedules
import Writing

/// The catalogue as `cairn strategies` prints it.
package enum StrategyList {
  /// A strategy with its options on one line, its summary and its source below.
  package static var report: Report {
    Report(
      Catalogue.entries.map { entry in
        var parts: [Report.Part] = [.items([RichText(entry.summary)])]
        if !entry.source.isEmpty { parts.append(.items([RichText(entry.source)])) }
        return .section(.init("\(name: spelling(entry))", parts))
      })
  }

  /// The catalogue as `cairn strategies --table` prints it: what a strategy works on, what holds of
  /// its plans, how the work of planning grows with the number n of stages or steps, and the paper.
  package static var table: Report {
    var table = ReportTable(
      .left("strategy"), .left("works on"), .left("guarantee"), .left("cost to plan"),
      .left("paper"))
    for entry in Catalogue.entries {
      table.add(
        .text(RichText(entry.name, .name)), TableCell(entry.facts.subject.rawValue),
        TableCell(entry.facts.guarantee), TableCell(entry.facts.planning),
        TableCell(entry.facts.paper))
    }
    return Report(.table(table))
  }

  /// One JSON object a line for each strategy.
  package static var json: String {
    Catalogue.entries.map { entry in
      JSONValue.object([
        ("name", .string(entry.name)),
        ("options", .array(entry.options.map(option))),
        ("summary", .string(entry.summary)),
        ("source", .string(entry.source)),
        ("works_on", .string(entry.facts.subject.rawValue)),
        ("guarantee", .string(entry.facts.guarantee)),
        ("cost_to_plan", .string(entry.facts.planning)),
        ("paper", .string(entry.facts.paper)),
        ("example", .string(entry.example)),
      ]).text + "\n"
    }.joined()
  }

  private static func option(_ option: Catalogue.Option) -> JSONValue {
    .object([
      ("name", .string(option.name)),
      ("summary", .string(option.summary)),
      ("required", .boolean(option.isRequired)),
    ])
  }

  /// `every(k)`, `revolve(slots:)`: options in brackets may be left out.
  private static func spelling(_ entry: Catalogue.Entry) -> String {
    if entry.options.isEmpty { return entry.name }
    let options = entry.options.map { $0.isRequired ? "\($0.name): …" : "[\($0.name): …]" }
    return "\(entry.name)(\(options.joined(separator: ", ")))"
  }
}
