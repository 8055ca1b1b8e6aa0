import Testing

@testable import Syntax

@Suite struct DiagnosticTests {
  private func drawn(_ text: String, isColoured: Bool = false) -> String {
    parse(text).faults.map { DiagnosticRenderer(isColoured: isColoured).text($0) }.joined()
  }

  @Test func `a fault is drawn with its line, carets, notes and hint`() {
    #expect(
      drawn("x\nlet y = f(1 22)") == """
        error[unexpected-token]: expected ',' or ')', found '22'
         --> test.cairn:2:13
          |
        2 | let y = f(1 22)
          |             ^^
        note: this '(' is open
         --> test.cairn:2:10
          |
        2 | let y = f(1 22)
          |          -
        """)
    #expect(
      drawn("x = !y") == """
        error[stray-character]: expected a name, a number or an operator, found '!'
         --> test.cairn:1:5
          |
        1 | x = !y
          |     ^
        hint: negation is spelled 'not': `x = not y`
        """)
  }

  @Test func `tabs and wide characters keep the carets under their place`() {
    #expect(drawn("\t層 = $").contains("1 |     層 = $\n  |          ^"))
    #expect(DiagnosticRenderer.columns("a\tb層e\u{301}") == 8)
  }

  @Test func `a range of several lines shows its first and last`() {
    let source = SourceText(name: "f", text: "aa bb\ncc\ndd\nee ff\n")
    let fault = Diagnostic(.name, "c", "m", at: SourceRange(source, 3, 14))
    #expect(
      DiagnosticRenderer().text(fault) == """
        error[c]: m
         --> f:1:4
          |
        1 | aa bb
          |    ^^
         ...
        4 | ee ff
          | ^^
        """)
  }

  @Test(arguments: [0, 30, 500, 9_000, 9_990])
  func `a very long line is cut around the place that matters`(place: Int) throws {
    let text =
      String(repeating: "a", count: place) + "$$$" + String(repeating: "b", count: 9_990 - place)
    let source = SourceText(name: "f", text: text)
    let fault = Diagnostic(.name, "c", "m", at: SourceRange(source, place, place + 3))
    let lines = DiagnosticRenderer().text(fault).split(separator: "\n").suffix(2).map(String.init)
    #expect(lines.allSatisfy { $0.count <= 170 })
    let carets = try #require(lines[1].firstIndex(of: "^"))
    let column = lines[1].distance(from: lines[1].startIndex, to: carets)
    #expect(lines[1].count(where: { $0 == "^" }) == 3)
    #expect(lines[0].dropFirst(column).hasPrefix("$$$"))
  }

  @Test func `a fault without a place is one line`() {
    #expect(DiagnosticRenderer().text(Diagnostic(.io, "c", "m", at: nil)) == "error[c]: m")
  }

  @Test func `colour is there only when asked for`() {
    #expect(!drawn("(").contains("\u{1B}"))
    #expect(drawn("(", isColoured: true).contains("\u{1B}[1;31merror"))
  }

  @Test(arguments: [
    ("ternsor", "tensor"), ("relou", "relu"), ("croos_entropy", "cross_entropy"),
    ("sqrtn", "sqrt_n"), ("Tensor", "tensor"),
  ])
  func `the nearest name is suggested`(name: String, closest: String) {
    let known = ["tensor", "relu", "gelu", "cross_entropy", "sqrt_n", "sum"]
    #expect(Suggestion.closest(to: name, among: known) == closest)
  }

  @Test func `names that are far, or as short as a letter, get no suggestion`() {
    #expect(Suggestion.closest(to: "banana", among: ["tensor", "relu"]) == nil)
    #expect(Suggestion.closest(to: "x", among: ["y"]) == nil)
    #expect(Suggestion.closest(to: "sum", among: []) == nil)
  }

  @Test(arguments: [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3)])
  func `edits are counted`(first: String, second: String, count: Int) {
    #expect(Suggestion.distance(Array(first), Array(second)) == count)
    #expect(Suggestion.distance(Array(second), Array(first)) == count)
  }
}
