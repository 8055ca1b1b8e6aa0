import Reports
import Syntax
import Writing

/// `test "name" (points: 3, hint: "…") { … }`: passes where no `expect` in it fails.
final class TestNode: CodeNode {
  private let name: CodeNode
  private let options: [CallNode.ArgumentNode]
  private let body: CodeNode

  /// `options` are `points:` and `hint:`, in any order.
  init(
    name: CodeNode, options: [CallNode.ArgumentNode], body: CodeNode, _ range: SourceRange
  ) {
    self.name = name
    self.options = options
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let title = try name.evaluate(frame)
    guard case .string(let text) = title else {
      throw Fault(.expected(.string, found: title, as: .testName, at: name.range))
    }
    var points = 1.0
    var hint: String?
    for option in options {
      let value = try option.node.evaluate(frame)
      switch (option.label?.name, value) {
      case ("points", let value):
        guard let number = machine.double(value), number >= 0 else {
          throw Fault(
            .expected(.numberFromZero, found: value, as: .points, at: option.node.range))
        }
        points = number
      case ("hint", .string(let text)): hint = text.string
      case (let label, _):
        throw Fault(
          .unknownLabel(
            label ?? "", of: "test", known: ["points", "hint"], at: option.label?.range ?? range))
      }
    }
    do {
      _ = try body.evaluate(frame)
      machine.tests.append(TestResult(name: text.string, of: points, fault: nil, hint: hint))
      machine.say(Report(.line("\(good: "passed"): \(text.string.shortened)")))
    } catch {
      guard error.exit == nil, error.diagnostic.kind != .interrupted else { throw error }
      machine.tests.append(
        TestResult(name: text.string, of: points, fault: error.diagnostic, hint: hint))
      throw Fault(.testFailed(text.string, error.diagnostic, hint: hint, at: range))
    }
    return .none
  }
}

/// `expect a <= b`: says both sides where it does not hold.
final class ExpectNode: CodeNode {
  /// What is expected: a comparison, whose sides a failure shows, or any condition.
  enum Expectation {
    case comparison(BinaryOperator, CodeNode, CodeNode)
    case approximation(CodeNode, CodeNode, tolerance: CodeNode?)
    case condition(CodeNode)
  }
  private let expectation: Expectation
  private let source: SourceRange

  /// `source` is the condition, which a failure prints as it is typed.
  init(_ expectation: Expectation, source: SourceRange, _ range: SourceRange) {
    self.expectation = expectation
    self.source = source
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let found: String
    switch expectation {
    case .comparison(let operation, let left, let right):
      let a = try left.evaluate(frame)
      let b = try right.evaluate(frame)
      let verdict = try machine.apply(
        operation, a, b, at: source, left: left.range, right: right.range)
      if try machine.truth(of: verdict, at: source) { return met(machine) }
      var sides = (machine.text(of: a), machine.text(of: b))
      if case .bytes(let a) = a, case .bytes(let b) = b { sides = ByteFormat.apart(a, b) }
      found = "\(sides.0) \(operation.rawValue) \(sides.1) is false"
    case .approximation(let left, let right, let tolerance):
      let a = try left.evaluate(frame)
      let b = try right.evaluate(frame)
      let bound = try tolerance?.evaluate(frame)
      let isMet = try machine.approximately(
        a, b, within: bound, at: source, tolerance: tolerance?.range)
      if isMet { return met(machine) }
      found = "\(machine.text(of: a)) ~= \(machine.text(of: b)) is false"
    case .condition(let node):
      if try machine.truth(of: node.evaluate(frame), at: source) { return met(machine) }
      found = "it is false"
    }
    throw Fault(.expectationFailed(source.text, found, at: range))
  }

  /// What was expected holds: it is counted, so that nothing passes in which nothing was expected.
  private func met(_ machine: Interpreter) -> Value {
    machine.expectationsMet += 1
    return .none
  }
}
