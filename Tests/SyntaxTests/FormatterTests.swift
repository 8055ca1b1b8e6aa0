import Testing

@testable import Syntax

@Suite struct FormatterTests {
  @Test func `the tour parses, formats to the same tree, and keeps its comments`() {
    let formatted = expectFormats(tour)
    #expect(comments(formatted) == comments(tour))
    #expect(formatted.split(separator: "\n").allSatisfy { $0.count <= 140 })
  }

  @Test(arguments: [
    ("let   x=1+2*3", "let x = 1 + 2 * 3\n"),
    (
      "strategy s on chain { keep(0) advance(0,1) }",
      "strategy s on chain {\n  keep(0)\n  advance(0, 1)\n}\n"
    ),
    ("certify wrt net with s { f(x) }", "certify wrt net { f(x) } with s\n"),
    ("((a+b))*(c*d)", "(a + b) * (c * d)\n"),
    ("(-x)**2", "(-x) ** 2\n"), ("-(x**2)", "-x ** 2\n"), ("(2**3)**4", "(2 ** 3) ** 4\n"),
    ("a-(b-c)-(d)", "a - (b - c) - d\n"), ("not (a and b)", "not (a and b)\n"),
    ("(a==b)==c", "(a == b) == c\n"), ("(a+1)..<(b)", "a + 1 ..< b\n"), ("0 ..< n", "0..<n\n"),
    ("(a|>f)|>g", "a |> f |> g\n"), ("a|>(f|>g)", "a |> (f |> g)\n"),
    ("fn square(x){x*x}", "fn square(x) { x * x }\n"),
    ("fn square(x){\nx*x}", "fn square(x) {\n  x * x\n}\n"),
    ("fn f(){a;b}", "fn f() {\n  a;\n  b\n}\n"), ("fn f(){}", "fn f() { }\n"),
    ("x;y", "x;\ny\n"), ("\n\n\nx\n\n\n\ny\n\n", "x\n\ny\n"),
    ("let b=0x1F+1_000+64KiB+1.5   MiB", "let b = 0x1F + 1_000 + 64 KiB + 1.5 MiB\n"),
    ("f(a,\n  b, # why\n c)", "# why\nf(a, b, c)\n"),
    ("x   # c  ", "x  # c\n"),
    ("if a{b}else if c{d}else{e}", "if a { b } else if c { d } else { e }\n"),
    ("if a{\nb}else{e}", "if a {\n  b\n} else {\n  e\n}\n"),
    ("(certify{a} with s).x", "(certify { a } with s).x\n"),
    ("(gradient{a}).x", "gradient { a }.x\n"), ("(memory)", "(memory)\n"),
    ("budget (plan{a})", "budget (plan { a })\n"),
    (#"print( "a\(x+1)\t" )"#, "print(\"a\\(x + 1)\\t\")\n"),
    ("layer d(n){ forward(x){x}}", "layer d(n) { forward(x) { x } }\n"),
    (
      "layer d(n){ # top\n\n\n param w=1;state s=2 # s\n\n # f\n forward(x){x} # e\n # end\n}",
      "layer d(n) {  # top\n  param w = 1\n  state s = 2  # s\n\n  # f\n"
        + "  forward(x) { x }  # e\n  # end\n}\n"
    ),
    (
      "# %% [markdown]  T\n#  a\n#\n# %%   C\n#>  1\n#>\n",
      "# %% [markdown] T\n#  a\n#\n# %% C\n#>  1\n#>\n"
    ),
    ("while x{ # o\n\n # a\n\n y\n\n # b\n}", "while x {  # o\n  # a\n\n  y\n\n  # b\n}\n"),
  ])
  func `the layout is canonical`(text: String, formatted: String) {
    #expect(expectFormats(text) == formatted)
  }

  @Test func `long lines break at the commas of the outermost bracket`() {
    let name = String(repeating: "long", count: 8)
    #expect(
      expectFormats("let x = f(\(name)(1, 2), [\(name), 3], last: \(name))")
        == "let x = f(\n  \(name)(1, 2),\n  [\(name), 3],\n  last: \(name)\n)\n")
    #expect(
      expectFormats("fn g(x) { \(name)(x) + \(name)(x) + other_name_here }")
        == "fn g(x) {\n  \(name)(x) + \(name)(x) + other_name_here\n}\n")
    #expect(
      expectFormats("\(name) |> \(name) |> \(name) |> f")
        == "\(name)\n  |> \(name)\n  |> \(name)\n  |> f\n")
  }

  @Test func `expressions print on their own`() throws {
    let statement = try #require(parse("let y = f( x,axis:1 )").script.statements.first)
    guard case .binding(_, let value) = statement.kind else {
      Issue.record("no binding")
      return
    }
    #expect(Formatter.format(value) == "f(x, axis: 1)")
    #expect(Formatter.format(statement) == "let y = f(x, axis: 1)")
    let range = SourceRange(SourceText(name: "", text: ""), 0, 0)
    #expect(Formatter.format(Expression(.bytes(1536), range)) == "1536 B")
    #expect(Formatter.format(Expression(.bytes(3 << 20), range)) == "3 MiB")
    #expect(Formatter.format(Expression(.float(0.5), range)) == "0.5")
  }
}
