import Reports
import Schedules
import Writing

/// The catalogue as `cairn strategies` prints it.
package enum StrategyList {
  /// A strategy with its options on one line, its summary and its source below.
  package static var text: String {
    Catalogue.entries.map { entry in
      var lines = [spelling(entry)]
      lines += Wrapped.lines("    " + entry.summary)
      if !entry.source.isEmpty { lines += Wrapped.lines("    " + entry.source) }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
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
