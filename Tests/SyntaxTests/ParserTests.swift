import Testing

@testable import Syntax

/// An expression with all its parentheses, as the formatter would need none.
private func grouped(_ text: String) -> String {
  tree(text).split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
}

@Suite struct ParserTests {
  @Test(arguments: [
    ("a + b * c", "+ name a * name b name c"),
    ("a - b - c", "- - name a name b name c"),
    ("a * b @ c", "* name a @ name b name c"),
    ("-x ** 2", "- ** name x integer 2"),
    ("2 ** -x ** y", "** integer 2 - ** name x name y"),
    ("-a @ b", "@ - name a name b"),
    ("not a == b and c", "and not == name a name b name c"),
    ("a or b and c", "or name a and name b name c"),
    ("0..<n - 1", "..< integer 0 - name n integer 1"),
    ("a < 0...1", "< name a ... integer 0 integer 1"),
    ("a |> f or g", "|> name a or name f name g"),
    ("a ~= b within 2 * t", "~= name a name b within * integer 2 name t"),
    ("a.b(c)[d].e", "field e index call field b name a name c name d"),
    ("-f(x)", "- call name f name x"),
    ("a // b % c", "% // name a name b name c"),
  ])
  func `operators bind as the design says`(text: String, outline: String) {
    #expect(grouped(text) == outline)
  }

  @Test(arguments: [
    ("1_000", "integer 1000"), ("0x1F", "integer 31"), ("1e-3", "float 0.001"),
    ("2.5E+1", "float 25.0"), ("64 KiB", "bytes 65536"), ("1.5 MiB", "bytes 1572864"),
    ("12 B", "bytes 12"), ("2GiB", "bytes 2147483648"), ("0.3 KiB", "bytes 307"),
    ("1 TiB", "bytes 1099511627776"),
    (#""a\n\u{41}\\""#, #"string "a\nA\\""#),
    (#""l \(f("in \(x)")) r""#, #"string "l " call name f string "in " name x " r""#),
    ("true", "boolean true"), ("none", "none"),
  ])
  func `literals have their values`(text: String, outline: String) {
    #expect(grouped(text) == outline)
  }

  @Test(arguments: [
    "let test = 1", "state = 3", "memory.x", "g.step", "opts(step: 3)", "step = 2", "budget(x)",
    "seed - 1", "seed[0]", "let plan = 1", "plan(x).peak", "train = 1", "expect(a)", "f(in: 1)",
    "p.with", "x.let", "for step in train { memory.x }", "if plan { x }",
    "while pareto { x }", "explain", "why == 1", "timeline", "source", "gradient wrt plan { x }",
    "repeat * 2", "within ~= on within using", "fn update(along, using) { along + using }",
    "certify + compare", "let help = account", "help = 3", "help.x", "(memory)",
  ])
  func `soft words are names where they are not in their form`(text: String) {
    expectFormats(text)
    let words = ["command", "budget ", "seed ", "test", "train", "plan\n", "pareto\n"]
    let lines = tree(text).split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } + "\n" }
    for word in words where word != "memory" {
      #expect(!lines.contains { $0.hasPrefix(word) }, "\(text): \(lines)")
    }
  }

  @Test(arguments: [
    ("memory", "command memory"), ("seed 7", "seed integer 7"), ("seed -1", "seed - integer 1"),
    ("expect (a) == b", "expect == name a name b"),
    ("if plan { a } { b }", "if plan block name a block name b"),
    ("help for", "command help name for"), ("help |>", #"command help string "|>""#),
    ("account full", "command account name full"),
    ("why p, q.w", "command why name p field w name q"), ("budget none", "budget none"),
  ])
  func `statement words act in their form`(text: String, outline: String) {
    #expect(grouped(text) == outline)
  }

  @Test func `a region saves one list, which stands before its block`() {
    #expect(
      grouped("checkpoint(save: a) { b }") == "checkpoint save name a block name b")
    for text in [
      "checkpoint(a) { b }", "checkpoint() { b }", "checkpoint(save a) { b }", "checkpoint(f(x))",
    ] {
      #expect(parse(text).faults.first?.hint?.contains("`checkpoint { sum(ones(3)) }`") == true)
    }
    #expect(parse("checkpoint(save: a, save: b) { c }").faults.count == 1)
  }

  @Test func `a newline ends a statement unless a bracket, an operator or a pipe goes on`() {
    #expect(parse("a\nb").script.statements.count == 2)
    #expect(parse("a +\n# c\nb").script.statements.count == 1)
    #expect(parse("f(a,\n b\n)").script.statements.count == 1)
    #expect(parse("a\n\n  # c\n  |> f\n  |> g").script.statements.count == 1)
    #expect(parse("timeline a,\nb").script.statements.count == 1)
    #expect(parse("f(fn(x) {\na\n-b\n})").faults.isEmpty)
    #expect(tree("f(fn(x) {\na\n-b\n})") != tree("f(fn(x) { a - b })"))
  }

  @Test func `a semicolon silences, and separates`() {
    let statements = parse("a; b;\nc").script.statements
    #expect(statements.map(\.isSilenced) == [true, true, false])
  }

  @Test func `cells, prose, comments, output and blank lines are items of the script`() {
    let text = """
      # %% [markdown] Title
      # one
      #
      # two
      # %%

      # note
      x  # behind
      #> 1
      #> 2


      # %% Last
      """
    let kinds = parse(text).script.items.map { item in
      switch item {
      case .statement(let statement): "statement \(statement.trailing ?? "")"
      case .blank: "blank"
      case .comment(let text, _): "comment \(text)"
      case .cell(let title, _): "cell \(title)"
      case .prose(let title, let lines, _): "prose \(title) \(lines)"
      case .output(let lines, _): "output \(lines)"
      }
    }
    #expect(
      kinds == [
        #"prose Title ["one", "", "two"]"#, "cell ", "blank", "comment # note",
        "statement # behind", #"output ["1", "2"]"#, "blank", "cell Last",
      ])
  }

  @Test func `ranges cover their text`() throws {
    let statement = try #require(parse("x\n  let y = (1 + 2) * 3 # c").script.statements.last)
    #expect(statement.range.text == "let y = (1 + 2) * 3")
    guard case .binding(_, let value) = statement.kind,
      case .binary(_, _, _, let symbol) = value.kind
    else {
      Issue.record("no product")
      return
    }
    #expect(value.range.text == "(1 + 2) * 3")
    #expect(symbol.text == "*")
  }

  @Test(arguments: [
    ("f(", true), ("f(1,", true), ("x +", true), ("let x =", true), ("if a {", true),
    ("if a {\n x\n", true), ("[1,\n2", true), ("a and", true), ("wrt", false), ("let x", false),
    ("fn f(x)", false), ("\"open", false), ("x", false), ("f(1 2", false), ("a)", false),
    ("layer d(n) {\n  param w = 1", true), ("", false), ("x = 1 +  # c", true),
    ("\"\\(if a {)\"", false),
  ])
  func `a text that only lacks its end is unfinished`(text: String, isUnfinished: Bool) {
    #expect(parse(text).isUnfinished == isUnfinished)
  }

  @Test func `keywords have examples that parse`() {
    #expect(Keywords.all.count > 50)
    for word in Keywords.all + Keywords.operators {
      let entry = Keywords.entry(word)
      expectFormats(entry?.example ?? "(")
    }
    for keyword in Keyword.allCases { #expect(Keywords.entry(keyword.rawValue) != nil) }
    for word in Keywords.statementWords.union(Keywords.clauseWords) {
      #expect(Keywords.entry(word) != nil, "\(word)")
    }
    for symbol in Symbol.allCases where symbol.isOperator {
      #expect(Keywords.entry(symbol.rawValue) != nil, "\(symbol)")
    }
    #expect(Keywords.entry("x") == nil)
  }
}
