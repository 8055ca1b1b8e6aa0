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

  /// One JSON object a line for each strategy.
  package static var json: String {
    Catalogue.entries.map { entry in
      JSONValue.object([
        ("name", .string(entry.name)),
        ("options", .array(entry.options.map(option))),
        ("summary", .string(entry.summary)),
        ("source", .string(entry.source)),
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
