import Reports
import Syntax
import Writing

/// `test "name" (points: 3, hint: "…") { … }`: passes where no `expect` in it fails.
final class TestNode: CodeNode {
  private let name: CodeNode
  private let options: [CallNode.ArgumentNode]
  private let curve: Curve?
  private let body: CodeNode

  /// Its options are `points:`, `hint:`, `hidden:`, `seeds:` and `after:`, in any order; `curve` is
  /// `points:` where they depend on a measure.
  init(
    name: CodeNode, options: [CallNode.ArgumentNode], curve: Curve?, body: CodeNode,
    _ range: SourceRange
  ) {
    self.name = name
    self.options = options
    self.curve = curve
    self.body = body
    super.init(range)
  }

  /// What the options of a test say.
  private struct Setting {
    var points = 1.0
    var hint: String?
    var seeds: Int?
    var after: String?
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let title = try name.evaluate(frame)
    guard case .string(let text) = title else {
      throw Fault(.expected(.string, found: title, as: .testName, at: name.range))
    }
    let setting = try self.setting(frame)
    let isJudged = machine.judge === range.source
    if isJudged { machine.isTesting = true }
    machine.findings = []
    var run = Run()
    do throws(Fault) {
      if let before = setting.after, !machine.passedTests.contains(before) {
        throw Fault(.testNotRun(after: before, at: range))
      }
      try self.run(frame, setting, &run)
    } catch {
      guard error.exit == nil, error.diagnostic.kind != .interrupted else { throw error }
      machine.tests.append(
        TestResult(
          name: text.string, of: setting.points, share: 0, fault: error.diagnostic,
          hint: setting.hint, seed: run.seed, found: machine.findings.last, range: range))
      throw Fault(.testFailed(text.string, error.diagnostic, hint: setting.hint, at: range))
    }
    if run.share == 1, machine.isInCharge(range) { machine.passedTests.insert(text.string) }
    machine.tests.append(
      TestResult(
        name: text.string, of: setting.points, share: run.share, fault: run.shortfall,
        hint: setting.hint, seed: run.seed, found: run.found, range: range))
    if isJudged { throw Fault(.testTaken(at: range)) }
    say(text.string, run.share * setting.points, of: setting.points, to: machine)
    return .none
  }

  private func say(_ name: String, _ points: Double, of: Double, to machine: Interpreter) {
    guard points < of else {
      return machine.say(Report(.line("\(good: "passed"): \(name.shortened)")))
    }
    machine.say(
      Report(
        .line(
          "partly: \(name.shortened), \(NumberFormat.number(points)) of "
            + "\(NumberFormat.number(of)) points")))
  }

  /// How far a test came.
  private struct Run {
    /// Of the points, from 0 to 1.
    var share = 1.0
    /// Why it is less than 1.
    var shortfall: Diagnostic?
    /// What the curve measured then.
    var found: String?
    /// What the draws of the turn that counts began with.
    var seed: UInt64?
  }

  /// Its turns, one for each seed; the worst counts.
  private func run(_ frame: Frame, _ setting: Setting, _ run: inout Run) throws(Fault) {
    let machine = frame.machine
    let before = (machine.context.seed, machine.context.step)
    let seeds = machine.testSeeds ?? setting.seeds.map { (1...$0).map { UInt64($0) } }
    if seeds != nil, machine.trace != nil { throw Fault(.insideBlock("seeds", at: range)) }
    defer { if seeds != nil { (machine.context.seed, machine.context.step) = before } }
    var turns: [UInt64?] = [nil]
    if let seeds { turns = seeds }
    var worst = Run()
    for seed in turns {
      run.seed = seed
      if let seed { (machine.context.seed, machine.context.step) = (seed, 0) }
      let met = machine.expectationsMet
      _ = try body.evaluate(frame)
      if let curve {
        let point = try curve.point(frame)
        if point.share < worst.share {
          worst = Run(
            share: point.share, shortfall: point.shortfall, found: point.found, seed: seed)
        }
      } else if machine.judge === range.source, machine.expectationsMet == met {
        throw Fault(.testWithoutExpectation(at: range))
      }
    }
    run = worst
  }

  private func setting(_ frame: Frame) throws(Fault) -> Setting {
    let machine = frame.machine
    var setting = Setting()
    for option in options {
      let value = try option.node.evaluate(frame)
      switch (option.label?.name, value) {
      case ("points", let value):
        guard let number = machine.double(value), number >= 0 else {
          throw Fault(
            .expected(.numberFromZero, found: value, as: .points, at: option.node.range))
        }
        setting.points = number
      case ("hint", .string(let text)): setting.hint = text.string
      case ("hidden", .boolean): break
      case ("after", .string(let text)): setting.after = text.string
      case ("seeds", .integer(let count)) where (1...1000).contains(count): setting.seeds = count
      case ("hint", _), ("after", _):
        throw Fault(
          .expected(
            .string, found: value, as: .parameter(option.label?.name ?? "", of: "test"),
            at: option.node.range))
      case ("hidden", _):
        throw Fault(
          .expected(
            .truth, found: value, as: .parameter("hidden", of: "test"), at: option.node.range))
      case ("seeds", _):
        throw Fault(
          .expected(
            .integerFrom1, found: value, as: .parameter("seeds", of: "test"),
            at: option.node.range))
      case (let label, _):
        throw Fault(
          .unknownLabel(
            label ?? "", of: "test", known: ["points", "hint", "hidden", "seeds", "after"],
            at: option.label?.range ?? range))
      }
    }
    if let curve { setting.points = try curve.points(frame) }
    return setting
  }
}

extension TestNode {
  /// `points: curve(peak, full: 1 MiB, none: 4 MiB, of: 5)`: all of the points where the measure is
  /// at `full` or beyond, none at `none` or beyond, and in between in proportion.
  struct Curve {
    private let parts: [CallNode.ArgumentNode]
    private let range: SourceRange

    /// The parts as they stand in the parentheses; `range` is all of it.
    init(_ parts: [CallNode.ArgumentNode], _ range: SourceRange) throws(Fault) {
      self.parts = parts
      self.range = range
      let labels = parts.map { $0.label?.name ?? "" }
      guard labels.first == "", Set(labels).count == labels.count,
        Set(labels).isSuperset(of: ["full", "none"]),
        Set(labels).isSubset(of: ["", "full", "none", "of"])
      else { throw Fault(.badCurve(at: range)) }
    }

    /// What a measure gets.
    struct Point {
      /// Of the points, from 0 to 1.
      let share: Double
      /// What it was, as `print` shows it.
      let found: String
      /// Why it is not all; `nil` where it is.
      let shortfall: Diagnostic?
    }

    private func part(_ label: String?) -> CallNode.ArgumentNode? {
      parts.first { $0.label?.name == label }
    }

    /// Points where the measure is at `full`: `of`, or 1.
    func points(_ frame: Frame) throws(Fault) -> Double {
      guard let node = part("of")?.node else { return 1 }
      return try number(node.evaluate(frame), of: node, frame)
    }

    private func number(_ value: Value, of node: CodeNode, _ frame: Frame) throws(Fault) -> Double {
      if case .bytes(let bytes) = value { return Double(bytes) }
      guard let number = frame.machine.double(value) else {
        throw Fault(
          .expected(
            .numberOrSize, found: value, as: .parameter("points", of: "test"), at: node.range))
      }
      return number
    }

    /// What the measure gets. No number at all gets nothing; then this throws, as an expectation
    /// does that is not met.
    func point(_ frame: Frame) throws(Fault) -> Point {
      guard let measure = part(nil)?.node, let full = part("full")?.node,
        let none = part("none")?.node
      else { throw Fault(.badCurve(at: range)) }
      let machine = frame.machine
      let values = (
        try measure.evaluate(frame), try full.evaluate(frame), try none.evaluate(frame)
      )
      let found = try number(values.0, of: measure, frame)
      let best = try number(values.1, of: full, frame)
      let worst = try number(values.2, of: none, frame)
      guard best != worst, best.isFinite, worst.isFinite else {
        throw Fault(.badCurve(at: range))
      }
      let share = found.isNaN ? 0 : min(1, max(0, (found - worst) / (best - worst)))
      let text = machine.text(of: values.0)
      let source = measure.range.text
      guard share > 0 else {
        machine.findings.append(text)
        throw Fault(
          .curveMissed(source, found: text, none: machine.text(of: values.2), at: range))
      }
      let shortfall =
        share < 1
        ? Diagnostic.curvePartly(source, found: text, full: machine.text(of: values.1), at: range)
        : nil
      return Point(share: share, found: text, shortfall: shortfall)
    }
  }
}

/// `submission.name` in checks: what the submission defined.
final class SubmissionNode: CodeNode {
  private let field: Identifier

  /// `field` is the name that the checks ask for.
  init(_ field: Identifier, _ range: SourceRange) {
    self.field = field
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    machine.hasAsked = true
    guard let cell = machine.submission[field.name], cell.isDefined else {
      let known = machine.submission.values.filter(\.isDefined).map(\.name)
      throw Fault(.notInSubmission(field, known: known))
    }
    return cell.value
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
      note(sides, left, right, machine)
    case .approximation(let left, let right, let tolerance):
      let a = try left.evaluate(frame)
      let b = try right.evaluate(frame)
      let bound = try tolerance?.evaluate(frame)
      let isMet = try machine.approximately(
        a, b, within: bound, at: source, tolerance: tolerance?.range)
      if isMet { return met(machine) }
      let sides = (machine.text(of: a), machine.text(of: b))
      found = "\(sides.0) ~= \(sides.1) is false"
      note(sides, left, right, machine)
    case .condition(let node):
      if try machine.truth(of: node.evaluate(frame), at: source) { return met(machine) }
      found = "it is false"
    }
    throw Fault(.expectationFailed(source.text, found, at: range))
  }

  /// Remembers what was found: the side that asks the submission, else the left one.
  private func note(
    _ sides: (String, String), _ left: CodeNode, _ right: CodeNode, _ machine: Interpreter
  ) {
    guard machine.isInCharge(range) else { return }
    let isRight =
      !left.range.text.contains("submission.") && right.range.text.contains("submission.")
    machine.findings.append(isRight ? sides.1 : sides.0)
  }

  /// What was expected holds: it is counted, so that nothing passes in which nothing was expected.
  private func met(_ machine: Interpreter) -> Value {
    if machine.isInCharge(range) { machine.expectationsMet += 1 }
    return .none
  }
}
