package import Evaluation
package import Reports
import Schedules
import Syntax

/// What `help` and `help TOPIC` print.
package struct HelpPages {
  private let interpreter: Interpreter

  package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  /// The page on a topic, or the overview where it is empty. Throws where nothing is known of it.
  func page(on topic: String, _ command: Command) throws(Fault) -> Report {
    if topic.isEmpty { return overview }
    guard let page = page(on: topic) else {
      throw Fault(.unknownTopic(topic, command, known: topics))
    }
    return page
  }

  /// The page on a topic; `nil` where nothing is known of it.
  package func page(on topic: String) -> Report? {
    if let keyword = Keywords.entry(topic) {
      let what = topic.first?.isLetter == true ? "a word of the language" : "an operator"
      return HelpPages.lay(
        title: "\(name: topic)  (\(what))", summary: keyword.summary, details: "",
        example: keyword.example)
    }
    if let entry = Catalogue.entries.first(where: { $0.name == topic }) { return page(entry) }
    if let entry = interpreter.help(on: topic) {
      return HelpPages.lay(
        title: "\(name: entry.signature)", summary: entry.summary, details: entry.details,
        example: entry.example)
    }
    return nil
  }

  /// Everything that has help.
  package var topics: [String] {
    var seen: Set<String> = []
    return
      (Keywords.all + Keywords.operators + Catalogue.entries.map(\.name) + [Interpreter.ans]
      + interpreter.knownNames)
      .filter { seen.insert($0).inserted }
  }

  private func page(_ entry: Catalogue.Entry) -> Report {
    let options = entry.options.map { option in
      "  \(option.name): \(option.summary)\(option.isRequired ? " (required)" : "")"
    }
    let details = ([entry.details] + options + ["Source: \(entry.source)"])
      .filter { !$0.isEmpty }.joined(separator: "\n")
    return HelpPages.lay(
      title: "\(name: entry.name)  (a strategy)", summary: entry.summary, details: details,
      example: entry.example)
  }

  private static func lay(
    title: RichText, summary: String, details: String, example: String
  ) -> Report {
    var parts: [Report.Part] = [.paragraph(RichText(summary))]
    if !details.isEmpty {
      parts.append(.gap)
      parts += details.split(separator: "\n", omittingEmptySubsequences: false).map(detail)
    }
    if !example.isEmpty { parts += [.gap, .section(.init("Example:", [.code(example)]))] }
    return Report(.section(.init(title, rank: .page, parts)))
  }

  /// A line of the details: indented ones are items.
  private static func detail(_ line: Substring) -> Report.Part {
    line.hasPrefix("  ") && !line.dropFirst(2).hasPrefix(" ")
      ? .items([RichText(String(line.dropFirst(2)))])
      : .paragraph(RichText(String(line)))
  }

  /// The overview: how to go on, and what there is help on.
  private var overview: Report {
    let words = (Keywords.all + [Interpreter.ans]).sorted()
    let strategies = Catalogue.entries.map(\.name)
    let taken = Set(words + strategies)
    let builtins = interpreter.knownNames.filter {
      !taken.contains($0) && interpreter.help(on: $0) != nil
    }
    var report = Report(
      .line("Cairn runs what you type and prints the account of every byte."), .gap,
      .code(
        """
          let x = tensor([1.0, 2.0, 3.0])
          gradient wrt x with sqrt_n { sum(x * x) }
        """),
      .gap, .line("\(name: "`help NAME`") tells about any of these, with an example:"))
    for (title, names) in [
      ("Words", words), ("Operators", Keywords.operators), ("Strategies", strategies),
      ("Functions and layers", builtins),
    ] where !names.isEmpty {
      report.append(.gap)
      report.append(.section(.init(RichText(title), [.names(names)])))
    }
    return report
  }
}
