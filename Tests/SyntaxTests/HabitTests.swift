import Testing

@testable import Syntax

/// What somebody who knows another language types is answered with the line as it is spelled here.
@Suite struct HabitTests {
  @Test(arguments: [
    ("print x", "print(x)"), ("print \"hi\"", "print(\"hi\")"), ("sin x", "sin(x)"),
    ("len xs", "length(xs)"), ("def f(x):", "fn f(x) { }"),
    ("def f(x): return x", "fn f(x) { return x }"), ("function f(x) { x }", "fn f(x) { x }"),
    ("lambda x: x", "fn(x) { x }"), ("let f = lambda x: x", "let f = fn(x) { x }"),
    ("let f = fn x { x }", "let f = fn(x) { x }"), ("fn f(x) = x", "fn f(x) { x }"),
    ("fn f(x): x", "fn f(x) { x }"), ("fn f(x) return x", "fn f(x) { return x }"),
    ("fn(x) => x", "fn(x) { x }"),
    ("if a { 1 } elif b { 2 }", "if a { 1 } else if b { 2 }"),
    ("import numpy as np", "help"), ("from torch import nn", "help"),
    ("class Net { }", "help layer"),
    ("x[0:10]", "x[0..<10]"), ("x[:2]", "x[0..<2]"), ("x[1:]", "x[1..<length(x)]"),
    ("let y = x[1:3] + 1", "let y = x[1..<3] + 1"),
    ("i++", "i += 1"), ("i--", "i -= 1"), ("++i", "i += 1"),
    ("(1, 2)", "[1, 2]"), ("ones((2, 3))", "ones([2, 3])"), ("let (a, b) = xs", "let a, b = xs"),
    ("sum(x, axis=0)", "sum(x, axis: 0)"), ("f(a=1, b = 2)", "f(a: 1, b: 2)"),
    ("0..3", "0..<3"), ("for i in 0..n { }", "for i in 0..<n { }"),
    ("for (i in xs) { print(i) }", "for i in xs { print(i) }"),
    ("for (let i = 0; i < 3; i++) { }", "for i in 0..<3 { print(i) }"),
    ("for i in xs: print(i)", "for i in xs { print(i) }"),
    ("if x == 1: print(x)", "if x == 1 { print(x) }"),
    ("gradient wrt net { f(x) } with sqrt_n", "gradient wrt net with sqrt_n { f(x) }"),
    ("gradient with checkpoint { f(x) }", "gradient with marked { f(x) }"),
    ("gradient net { f(x) }", "gradient wrt net { f(x) }"),
    ("gradient(f(x), net)", "help gradient"),
    ("a && b", "a and b"), ("a || b", "a or b"), ("!a", "not a"), ("2 ^ 3", "2 ** 3"),
    ("var x = 1", "let x = 1"), ("const x = 1", "let x = 1"), ("int x = 1", "let x = 1"),
    ("fn f(x: int) { x }", "fn f(x) { x }"), ("fn f(x) -> int { x }", "fn f(x) { x }"),
    ("fn f(x: Tensor, n: int) -> Tensor { x * n }", "fn f(x, n) { x * n }"),
    ("layer l(n: int) { forward(x) { x } }", "layer l(n) { forward(x) { x } }"),
    ("a, b = 1, 2", "let a, b = [1, 2]"), ("a, b = f(x, 2)", "let a, b = f(x, 2)"),
    ("let x: int = 3", "let x = 3"), ("let x := 3", "let x = 3"), ("x := 3", "let x = 3"),
    ("let x == 3", "let x = 3"), ("let x", "let x = 0"),
    ("c ? a : b", "if c { a } else { b }"), ("let x = c ? a : b", "let x = if c { a } else { b }"),
    ("{\"a\": 1}", "[\"a\": 1]"), ("let d = {}", "let d = [:]"),
    ("1 === 1", "1 == 1"), ("1 <> 2", "1 != 2"), ("x is none", "x == none"),
    ("1 not in xs", "not 1 in xs"), ("5 mod 2", "5 % 2"), ("5 div 2", "5 // 2"),
    ("[x * x for x in xs]", "map(fn(x) { x * x }, xs)"),
    ("f\"hello {x}\"", "\"hello \\(x)\""), ("'hello'", "\"hello\""),
    ("// a comment", "# a comment"), ("/* a comment */", "# a comment"),
    (".5", "0.5"), ("let x = 5.", "let x = 5.0"),
    ("raise \"no\"", "fail(\"no\")"), ("assert x == 1", "test \"check\" { expect x == 1 }"),
    ("del x", "x = none"), ("switch x { }", "if 1 < 2 { 1 } else if 2 < 3 { 2 } else { 3 }"),
  ])
  func `a habit of another language is answered`(input: String, spelled: String) throws {
    let fault = try #require(parse(input).faults.first, "\(input)")
    let hint = try #require(fault.hint, "\(input)")
    #expect(hint.hasSuffix(": `\(spelled)`"), "\(input): \(hint)")
    #expect(parse(spelled).faults.isEmpty, "\(spelled)")
  }

  @Test(arguments: [
    "try { 1 } catch { 2 }", "with torch.no_grad(): x", "elif x", "x is y", ":undo",
  ])
  func `some habits have no such line, and a sentence all the same`(input: String) throws {
    #expect(try #require(parse(input).faults.first).hint != nil)
  }

  @Test func `what is misspelt and no habit keeps the hint it had`() {
    #expect(parse("lte x = 1").faults.first?.hint == "did you mean 'let'?")
    #expect(parse("f(1 2").faults.first?.hint == nil)
    #expect(
      parse("nonsense words here").faults.first?.hint
        == "one statement a line; a comma or an operator joins what belongs together")
  }
}
