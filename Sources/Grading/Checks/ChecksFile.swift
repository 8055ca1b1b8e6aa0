import Evaluation
package import Syntax

/// The checks of an assignment: a text in Cairn with tests at its top level.
///
/// What a grade must know of a test without running anything stands in it as it is: its name, its
/// points, whether it is hidden.
package struct ChecksFile: Sendable {
  /// The text.
  package let source: SourceText
  /// In the order in which they stand.
  package let tests: [Test]
  /// What stands outside of tests, in order; it runs before all of them.
  let preparations: [Statement]

  /// What is known of a test.
  package struct Test: Sendable {
    /// Among the tests, from 1.
    package let number: Int
    /// As it stands behind `test`.
    package let name: String
    /// True where a student may not learn what it asks.
    package let isHidden: Bool
    /// Points that could be.
    package let of: Double
    /// One thing to try where it does not pass.
    package let hint: String?
    /// Turns, each with draws of its own.
    package let seeds: Int
    /// The name of a test that must have passed; `nil` where it does not matter.
    package let after: String?
    /// The test.
    let statement: Statement
  }

  /// Reads checks. Throws the first fault of their syntax, and where a test is not what a grade can
  /// be made of.
  package init(_ source: SourceText) throws(Diagnostic) {
    let parsed = Parser.parse(source)
    if let fault = parsed.faults.first { throw fault }
    var tests: [Test] = []
    var preparations: [Statement] = []
    for statement in parsed.script.statements {
      switch statement.kind {
      case .test(let name, let options, _):
        tests.append(
          try ChecksFile.test(name, options, of: statement, number: tests.count + 1))
      case .importing: throw .importInChecks(at: statement.range)
      default: preparations.append(statement)
      }
    }
    guard !tests.isEmpty else {
      throw .noTests(at: SourceRange(source, 0, source.bytes.count))
    }
    (self.source, self.tests, self.preparations) = (source, tests, preparations)
    try checkNames()
  }

  /// In the order in which they run: the visible ones first, so that nothing of a hidden one can
  /// come through what it changed.
  package var running: [Test] { tests.filter { !$0.isHidden } + tests.filter(\.isHidden) }

  /// The text of each visible test, by its number.
  package var visibleCodes: [Int: String] {
    Dictionary(
      uniqueKeysWithValues: tests.filter { !$0.isHidden }.map {
        ($0.number, $0.statement.range.text)
      })
  }

  private func checkNames() throws(Diagnostic) {
    var earlier: Set<String> = []
    for test in running {
      guard !earlier.contains(test.name) else {
        throw .sameTestName(test.name, at: test.statement.range)
      }
      if let after = test.after, !earlier.contains(after) {
        throw .noEarlierTest(after, at: test.statement.range)
      }
      earlier.insert(test.name)
    }
  }

  // MARK: Reading a test

  private static func test(
    _ name: Expression, _ options: [Argument], of statement: Statement, number: Int
  ) throws(Diagnostic) -> Test {
    guard let name = text(name) else { throw .notPlain("its name", at: name.range) }
    var (points, isHidden, seeds) = (1.0, false, 1)
    var (hint, after): (String?, String?) = (nil, nil)
    for option in options {
      let range = option.value.range
      switch (option.label?.name, option.value.kind) {
      case ("points", _) where option.curve != nil:
        guard let of = option.curve?.first(where: { $0.label?.name == "of" })?.value else { break }
        guard let number = self.number(of) else { throw .notPlain("'of'", at: of.range) }
        points = number
      case ("points", _):
        guard let number = self.number(option.value) else { throw .notPlain("'points'", at: range) }
        points = number
      case ("hidden", .boolean(let value)): isHidden = value
      case ("seeds", .integer(let count)) where (1...1000).contains(count): seeds = count
      case ("hint", _):
        guard let text = self.text(option.value) else { throw .notPlain("'hint'", at: range) }
        hint = text
      case ("after", _):
        guard let text = self.text(option.value) else { throw .notPlain("'after'", at: range) }
        after = text
      case ("hidden", _): throw .notPlain("'hidden'", at: range)
      case ("seeds", _): throw .notPlain("'seeds'", at: range)
      // Said where the test runs, as in any script.
      default: break
      }
    }
    return Test(
      number: number, name: name, isHidden: isHidden, of: points, hint: hint, seeds: seeds,
      after: after, statement: statement)
  }

  private static func text(_ expression: Expression) -> String? {
    guard case .string(let parts) = expression.kind, parts.count <= 1 else { return nil }
    guard let part = parts.first else { return "" }
    if case .text(let text) = part { return text } else { return nil }
  }

  private static func number(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }
}
