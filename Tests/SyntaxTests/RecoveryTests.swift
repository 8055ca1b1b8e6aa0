import Testing

@testable import Syntax

@Suite struct RecoveryTests {
  private func codes(_ text: String) -> [String] { parse(text).faults.map(\.code) }
  private func lines(_ text: String) -> [Int] {
    parse(text).faults.compactMap { $0.range?.start.line }
  }

  @Test func `ten faults are reported in one go, and no more`() {
    let text = (1...15).map { "let = \($0)\nlet x\($0) = \($0)" }.joined(separator: "\n")
    #expect(parse(text).faults.count == 10)
    #expect(lines(text) == (0..<10).map { 2 * $0 + 1 })
  }

  @Test func `what can be read around a fault is read`() {
    let result = parse("let a = 1\nlet b = )\nlet c = f(1 2)\nlet d = 4")
    #expect(result.faults.count == 2)
    #expect(TreePrinter.text(result.script) == "let a\n  integer 1\nlet d\n  integer 4\n")
  }

  @Test func `an unclosed bracket is found at the next statement`() {
    #expect(lines("let a = f(1,\nlet b = 2\nlet c = )") == [2, 3])
    #expect(lines("x = [1, 2\ny = 3\nz = )") == [2, 3])
  }

  @Test func `faults inside blocks leave the blocks around them`() {
    let text = "fn f(x) {\n  let = 1\n  if x {\n    y = = 2\n  }\n  x\n}\nlet z = 1"
    let result = parse(text)
    #expect(lines(text) == [2, 4])
    #expect(result.script.statements.count == 2)
  }

  @Test func `a fault in a header skips the block it belongs to`() {
    let text = "fn f(x { \n x +\n y\n}\nf(3)"
    #expect(lines(text) == [1])
    #expect(parse(text).script.statements.count == 1)
  }

  @Test(arguments: [
    ("a < b < c", "chained-comparison"), ("a..<b..<c", "chained-range"),
    ("9223372036854775808", "number-too-large"), ("1e999", "number-too-large"),
    ("9999999999 GiB", "number-too-large"), ("12abc", "malformed-number"),
    ("\"abc", "open-string"), (#""\q""#, "unknown-escape"), ("f(x) = 1", "bad-assignment"),
    ("{ … }", "unexpected-token"), ("[1, …]", "elided-code"), ("fn f() { … }", "elided-code"),
    ("layer d(n) { param w = 1 }", "missing-forward"), ("a $ b", "stray-character"),
    ("train n for x in d using a using b { x }", "duplicate-clause"),
    ("train n for x in d using a accumulate 2 accumulate 3 { x }", "duplicate-clause"),
    ("train n for x in d using a updates at_end updates at_end { x }", "duplicate-clause"),
    ("train n for x in d using a updates later { x }", "unexpected-token"),
    ("x[]", "unexpected-token"),
    ("train n for x in d { x }", "unexpected-token"), ("certify { x }", "unexpected-token"),
    ("1 + not a", "unexpected-token"), ("fn f() { x\n", "unfinished"), ("}", "unexpected-token"),
    ("a b", "unexpected-token"), ("if a { b }\nelse { c }", "unexpected-token"),
  ])
  func `each fault has its code, its place and its kind`(text: String, code: String) throws {
    let fault = try #require(parse(text).faults.first)
    #expect(fault.code == code)
    #expect(fault.kind == .syntax)
    #expect(fault.range != nil)
    #expect(fault.message.contains("expected"))
    #expect(fault.message.contains("found"))
  }

  @Test(arguments: [
    ("lte x = 1", "did you mean 'let'?"), ("traim net for x in y", "did you mean 'train'?"),
    ("budget 3 KB", "the units are B, KiB, MiB, GiB and TiB: 64 KiB is 65536 bytes"),
    ("a & b", "'and' joins conditions"), ("if a { b }\nelse { c }", "'else' stands on the line"),
    ("x = !y", "negation is spelled 'not': `x = not y`"),
    ("let for = 1", "'for' is a reserved word"),
  ])
  func `hints say one thing to try`(text: String, hint: String) throws {
    let given = try #require(parse(text).faults.first?.hint)
    #expect(given.contains(hint))
  }

  @Test(arguments: [
    ("(", ")"), ("[", "]"), ("-", ""), ("not ", ""), ("f(", ")"), ("if x { ", " }"),
    ("2 ** ", ""), ("if a { b } else ", "{ c }"), ("gradient with ", " { x }"),
    ("\"\\(", ")\""),
  ])
  func `nesting too deep is a fault, and 250 levels are not`(open: String, close: String) async {
    let isElse = open.hasPrefix("if a")
    let shallow = open.hasPrefix("\"") ? 60 : 250
    let faults = await onDeepStack {
      [shallow, 300, 100_000].map { count in
        let inner = isElse ? "" : "x"
        let ends = String(repeating: isElse ? "" : close, count: count) + (isElse ? close : "")
        let text = String(repeating: open, count: count) + inner + ends
        let result = parse(text)
        if result.faults.isEmpty { expectFormats(text) }
        return result.faults.map(\.code)
      }
    }
    #expect(faults[0] == [])
    #expect(faults[1] != [])
    #expect(faults[2] != [])
  }

  @Test func `a row of operators too long is a fault`() async {
    let codes = await onDeepStack {
      let x1000 = Array(repeating: "x", count: 1000).joined(separator: " + ")
      expectFormats(x1000)
      return [
        x1000, Array(repeating: "x", count: 50_000).joined(separator: " + "),
        "x" + String(repeating: ".y", count: 50_000),
        "x" + String(repeating: " |> f", count: 50_000),
      ].map { parse($0).faults.map(\.code) }
    }
    #expect(codes == [[], ["too-deep"], ["too-deep"], ["too-deep"]])
  }

  @Test(arguments: [
    (0..<5000).map { "let a\($0) = (\($0) + 1" }.joined(separator: "\n"),
    (0..<5000).map { "let a\($0) = (\($0) + 1)" }.joined(separator: "\n"),
    "let a = [" + (0..<5000).map(String.init).joined(separator: ", ") + "]",
  ])
  func `a reading that is asked to stop ends soon, and says that and nothing else`(text: String) {
    let source = SourceText(name: "test.cairn", text: text)
    for patience in [0, 1, 30] {
      var asked = 0
      let result = Parser.parse(source) {
        asked += 1
        return asked > patience
      }
      #expect(asked < patience + 20)
      #expect(result.faults.map(\.kind) == [.interrupted])
      #expect(result.script.statements.isEmpty && !result.isUnfinished)
    }
  }
}
