import Evaluation
import Notebook
import Syntax
import Writing

/// The expectation that an answer did not meet, and what may be said of it.
///
/// Where the answer is a value, saying `answer == 12` would give it away: then the value found, the
/// name of the test, and whether it is too small or too large are what is said.
struct FailedExpectation {
  private let failure: Diagnostic
  private let item: Item
  /// The test around it; `nil` where there is none.
  private let test: TestResult?
  /// The condition; `nil` where something else than an `expect` failed.
  private let condition: Expression?

  init(_ failure: Diagnostic, _ test: TestResult?, of item: Item) {
    self.failure = failure
    self.item = item
    self.test = test
    var condition: Expression?
    if let range = failure.range, let check = item.check {
      for statement in Parser.parse(check).script.statements
      where statement.range.lower <= range.lower && range.upper <= statement.range.upper {
        condition = FailedExpectation.condition(in: [statement], at: range)
      }
    }
    self.condition = condition
  }

  /// The condition of the `expect` that stands exactly there, or in a loop or a block there.
  private static func condition(in statements: [Statement], at range: SourceRange) -> Expression? {
    for statement in statements {
      switch statement.kind {
      case .expect(let condition)
      where statement.range.lower == range.lower && statement.range.upper == range.upper:
        return condition
      case .loop(_, _, let body), .whileLoop(_, let body), .test(_, _, let body):
        if let found = self.condition(in: body.statements, at: range) { return found }
      default: continue
      }
    }
    return nil
  }

  /// What may be said, in the session in which it failed.
  func remarks(in run: CheckRun) -> [Shortfall.Remark] {
    var remarks: [Shortfall.Remark] = []
    if !item.kind.isCode, item.kind != .text, let value = run.value(of: "answer") {
      remarks.append(.found(run.text(of: value).inOneLine(width: 60)))
    }
    if let test { remarks.append(.test(test.name)) }
    if mayBeShown {
      remarks.append(.expectation(test?.message ?? failure.message))
    } else if let order = order(in: run) {
      remarks.append(order)
    }
    if let hint = test?.hint { remarks.append(.hint(hint)) }
    return remarks
  }

  /// True where what was expected does not give the answer away.
  private var mayBeShown: Bool {
    if item.kind.isCode || item.kind == .predict { return true }
    guard let condition else { return failure.kind != .test }
    if case .binary(let operation, _, _, _) = condition.kind {
      return [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation)
    }
    return false
  }

  /// Whether the answer is less or more than what it is compared with.
  private func order(in run: CheckRun) -> Shortfall.Remark? {
    guard item.kind == .number, let condition else { return nil }
    let sides: (Expression, Expression)
    switch condition.kind {
    case .binary(.equal, let left, let right, _): sides = (left, right)
    case .approximately(let left, let right, _): sides = (left, right)
    default: return nil
    }
    for (one, other) in [sides, (sides.1, sides.0)] where one.range.text == "answer" {
      let text = other.range.text
      if holds("answer < (\(text))", in: run) { return .tooSmall }
      if holds("answer > (\(text))", in: run) { return .tooLarge }
    }
    return nil
  }

  private func holds(_ condition: String, in run: CheckRun) -> Bool {
    if case .done = run.run(SourceText(name: "<check>", text: "expect " + condition)) {
      true
    } else {
      false
    }
  }
}
