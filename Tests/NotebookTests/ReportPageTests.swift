import Evaluation
import Foundation
import PageLab
import Reports
import Schedules
import Syntax
import Testing

@testable import Notebook

/// All that the product can report, as one page: of every word, of every topic of help, of a plan,
/// of a parse and of the account.
@Suite struct ReportPageTests {
  /// Words of which nothing is printed where they stand alone: they name, end or set something.
  private static let silent: Set<String> = [
    "let", "fn", "layer", "param", "state", "forward", "return", "break", "true", "false", "none",
    "update", "along", "using", "on", "accumulate", "updates",
    "strategy", "budget", "seed", "import", "is_training", "if",
    "while", "reset",
    "=", "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=",
  ]

  private static func samples() throws -> [ReportSamples.Sample] {
    try (Keywords.all + Keywords.operators).map { try #require(try ReportSamples.sample(of: $0)) }
  }

  /// A page of everything.
  private static func everything() throws -> Report {
    let session = Session()
    let pages = HelpPages(session.interpreter)
    let samples = try samples()
    var report = Report()
    for sample in samples { report.append(sample.report) }
    for topic in pages.topics { report.append(try #require(pages.page(on: topic))) }
    for sample in samples {
      for statement in session.parse(SourceText(name: "t", text: sample.script)).script.statements {
        report.append(SessionPages.tree(of: statement))
      }
    }
    session.run(SourceText(name: "t", text: "let a = 1\nlet net = chain(dense(2, 3), tanh)")) { _ in
    }
    report.append(SessionPages.names(in: session))
    report.append(StrategyList.report)
    return report
  }

  @Test func `every word has a sample that all renderers draw, and most print something`() throws {
    #expect(ReportSamples.topics.isSubset(of: Keywords.all))
    #expect(Set(Command.Verb.allCases.map(\.rawValue)).isSubset(of: Keywords.all))
    #expect(Self.silent.isSubset(of: Keywords.all + Keywords.operators))
    var types = Set<String>()
    for sample in try Self.samples() {
      let isWord = sample.topic.first?.isLetter == true
      let words = sample.script.matches(of: /[A-Za-z_]+/).map { String($0.0) }
      #expect(!isWord || words.contains(sample.topic), "\(sample.topic) is not in its sample")
      let isLater = sample.reports.contains { $0.fault?.code == "not-available-yet" }
      let isSilent = Self.silent.contains(sample.topic)
      #expect(sample.speaks || isLater || isSilent, "\(sample.topic) prints nothing")
      types.formUnion(try draw(sample.report, topic: sample.topic))
    }
    #expect(
      types.isSuperset(of: ["timeline", "curve", "pareto", "tree", "table", "facts", "note"]))
  }

  /// Draws a report in each renderer, and gives the types of its parts.
  private func draw(_ report: Report, topic: String) throws -> [String] {
    for width in [40, 80, 200] {
      #expect(TerminalRenderer(width: width).text(report).contains(topic))
    }
    let json = JSONRenderer.value(report).text
    _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
    #expect(PageText.isClosed(HTMLRenderer.page(report, title: topic)))
    return json.matches(of: /"type":"([a-z]+)"/).map { String($0.1) }
  }

  @Test(.enabled(if: Browser.isInstalled, "Chromium is not installed"))
  func `nothing overflows a page of everything, narrow or wide`() throws {
    let page = HTMLRenderer.page(try Self.everything(), title: "everything")
    for width in [360, 1200] {
      #expect(try Browser.overflow(of: page, width: width) == [], "\(width)")
    }
  }
}
