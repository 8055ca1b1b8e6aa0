package import Evaluation
import Experiments
package import Reports
import Schedules
import Syntax

/// What `help` and `help TOPIC` print.
package struct HelpPages {
  private let interpreter: Interpreter

  /// What is known to this interpreter, the names of its session included.
  package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  /// The page on a topic, or the overview where it is empty. Throws where nothing is known of it.
  func page(on topic: String, _ command: Command) throws(Fault) -> Report {
    if topic.isEmpty { return overview }
    guard let page = page(on: topic) else {
      throw Fault(.unknownTopic(topic, command, known: topics))
    }
    return page
  }

  /// The page on a topic, with every meaning that it has; `nil` where nothing is known of it.
  package func page(on topic: String) -> Report? {
    if topic == HelpPages.strategies {
      return Report(
        .section(
          .init(
            "strategies", rank: .page,
            StrategyList.report.parts + [.gap] + StrategyList.table.parts)))
    }
    let pages = entries(on: topic).map(HelpPages.page)
    return pages.isEmpty ? nil : Report(Array(pages.map(\.parts).joined(separator: [.gap])))
  }

  /// What a topic means: as a word or an operator of the language, as a trap, as a name.
  private func entries(on topic: String) -> [HelpEntry] {
    var entries: [HelpEntry] = []
    if let keyword = Keywords.entry(topic) {
      entries.append(
        HelpEntry(
          name: topic, signature: topic,
          kind: topic.first?.isLetter == true ? "a word of the language" : "an operator",
          summary: keyword.summary, details: HelpPages.details(of: topic),
          example: keyword.example))
    }
    if let trap = Trap(rawValue: topic) {
      entries.append(
        HelpEntry(
          name: topic, signature: topic, kind: "a trap", summary: trap.summary + ".",
          details: "`help trap` lists the traps.", example: ""))
    }
    return entries + interpreter.meanings(of: topic)
  }

  /// The topic that lists the strategies.
  private static let strategies = "strategies"

  /// The words that a word of the language takes, an item a line; empty for most.
  private static func details(of word: String) -> String {
    switch word {
    case "trap":
      Trap.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n")
    case "account":
      AccountReport.Detail.allCases.map { "  \($0.rawValue): \($0.summary)" }
        .joined(separator: "\n")
    default: ""
    }
  }

  /// Everything that has help.
  package var topics: [String] {
    var seen: Set<String> = []
    return
      (Keywords.all + Keywords.operators + [HelpPages.strategies]
      + Catalogue.entries.map(\.name) + Trap.allCases.map(\.rawValue) + [Interpreter.ans]
      + interpreter.knownNames)
      .filter { seen.insert($0).inserted }
  }

  private static func page(_ entry: HelpEntry) -> Report {
    let title: RichText =
      entry.kind.isEmpty ? "\(name: entry.signature)" : "\(name: entry.signature)  (\(entry.kind))"
    var parts: [Report.Part] = [.paragraph(RichText(entry.summary))]
    if !entry.details.isEmpty {
      parts.append(.gap)
      parts += entry.details.split(separator: "\n", omittingEmptySubsequences: false).map(detail)
    }
    if !entry.example.isEmpty {
      parts += [.gap, .section(.init("Example:", [.code(entry.example)]))]
    }
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
    let builtins = interpreter.knownFunctions.filter { !taken.contains($0) }
    var report = Report(
      .line("Cairn runs what you type and prints the account of every byte."), .gap,
      .code(
        """
          let x = tensor([1.0, 2.0, 3.0])
          gradient wrt x with sqrt_n { sum(x * x) }
        """),
      .gap,
      .line(
        "\(name: "`help NAME`") tells about any of these, with an example that runs as it stands:"))
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
