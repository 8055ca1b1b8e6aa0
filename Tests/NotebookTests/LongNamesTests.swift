import Notebook
import Reports
import Syntax
import Testing

/// What is told of a command has a stated length, however long the names in it are.
@Suite struct LongNamesTests {
  @Test(arguments: ["let $ = zeros(2)\ntensors", "test \"$\" (hint: \"$\") { expect 1 == 2 }"])
  func `names of any length are cut in what a session tells of a command`(text: String) {
    let name = String(repeating: "n", count: 100_000)
    let source = SourceText(name: "<test>", text: text.replacing("$", with: name))
    var reports: [CommandReport] = []
    Session().run(source) { reports.append($0) }
    #expect(!reports.isEmpty)
    for report in reports {
      var size = 0
      JSONValue(report).write { size += $0.utf8.count }
      #expect(size < 6 * String.longestTold)
      #expect(report.text.utf8.count < String.longestTold)
    }
  }
}

extension String {
  /// Bytes of a text that a message may show, and of a few words around it.
  fileprivate static let longestTold = 4000
}
