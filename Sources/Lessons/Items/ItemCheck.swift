package import Evaluation
package import Notebook
import Syntax
import Writing

/// Judges answers to an item: each in a fresh session under limits, in the order setup, answer,
/// reveal, check. Only an answer that fails the check is looked at for a known wrong idea.
package struct ItemCheck {
  /// What is asked.
  package let item: Item
  /// Columns that what is revealed takes.
  package var width = 80
  /// True where a wrong answer is looked at for a known wrong idea; false where nobody asks why.
  var diagnoses = true
  private let configuration: Interpreter.Configuration
  private let limits: CheckLimits

  /// - Parameter configuration: What the sessions are made with, limits and the folder apart.
  package init(
    _ item: Item, _ configuration: Interpreter.Configuration = .init(),
    limits: CheckLimits = .usual
  ) {
    self.item = item
    self.limits = limits
    var configuration = configuration
    configuration.directory = item.directory
    self.configuration = configuration
  }

  /// What becomes of an answer, as it was typed: a letter, words, an expression, or commands.
  package func attempt(_ answer: String) -> Attempt {
    if item.kind == .choice { return Attempt(verdict: choice(answer), revealed: []) }
    do throws(Diagnostic) {
      return attempt(commands: try commands(of: answer))
    } catch {
      return Attempt(verdict: .unreadable(error), revealed: [])
    }
  }

  /// What becomes of no answer at all, where the check is run all the same: never right.
  func attemptWithoutAnswer() -> Attempt { attempt(commands: SourceText(name: "", text: "")) }

  // MARK: Reading an answer

  /// What messages call an answer.
  private static let name = "<answer>"

  private func choice(_ answer: String) -> Verdict {
    let letter = answer.trimmed.lowercased()
    let source = SourceText(name: ItemCheck.name, text: answer)
    let range = SourceRange(source, 0, answer.utf8.count)
    guard !letter.isEmpty else { return .unreadable(.emptyAnswer(at: range)) }
    guard let option = item.options.first(where: { $0.letter == letter }) else {
      return .unreadable(
        .noSuchOption(letter, known: item.options.map { $0.letter.uppercased() }, at: range))
    }
    return option.isRight
      ? .right
      : .wrong(Shortfall(failure: nil, idea: letter, reply: option.reply, remarks: []))
  }

  /// The words of an answer as they are compared: lower case, one space between two of them, no
  /// quotes around them and no period behind them.
  static func words(_ text: String) -> String {
    var words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if words.count > 1, words.hasSuffix(".") { words.removeLast() }
    for mark in ["\"", "'", "`"] where words.count > 2 {
      if words.hasPrefix(mark), words.hasSuffix(mark) {
        words = String(words.dropFirst().dropLast())
      }
    }
    return words
  }

  /// The commands that an answer is, or that bind it. Throws where it is none.
  func commands(of answer: String) throws(Diagnostic) -> SourceText {
    let typed = SourceText(name: ItemCheck.name, text: answer)
    let whole = SourceRange(typed, 0, answer.utf8.count)
    guard !answer.trimmed.isEmpty else { throw .emptyAnswer(at: whole) }
    if item.kind == .text {
      let words = ItemCheck.words(answer)
      guard !words.isEmpty else { throw .emptyAnswer(at: whole) }
      return SourceText(name: ItemCheck.name, text: "let answer = " + words.quoted)
    }
    let parsed = Parser.parse(typed)
    if let fault = parsed.faults.first { throw fault }
    guard let first = parsed.script.statements.first else { throw .emptyAnswer(at: whole) }
    guard item.kind.isExpression else { return typed }
    guard parsed.script.statements.count == 1, case .expression = first.kind else {
      throw .notOneExpression(at: whole)
    }
    return SourceText(name: ItemCheck.name, text: "let answer = " + first.range.text)
  }

  // MARK: Judging

  private enum Stage { case setup, answer, reveal, check }

  /// What failed first, and where.
  private struct Failure {
    let stage: Stage
    let fault: Diagnostic
    /// The test that failed; `nil` where none did.
    var test: TestResult?
  }

  private func attempt(commands: SourceText) -> Attempt {
    var revealed: [CommandReport] = []
    let run = CheckRun(configuration, limits: limits)
    run.width = width
    guard let check = item.check else { return Attempt(verdict: .stopped, revealed: []) }
    let failure = self.run(run, commands, judgedBy: check) { revealed.append($0) }
    let verdict: Verdict
    if let failure {
      verdict = self.verdict(on: failure, of: commands, in: run)
    } else {
      verdict = .right
    }
    var attempt = Attempt(verdict: verdict, revealed: revealed)
    if let guess = run.value(of: "answer"), let measured = run.value(of: "measured") {
      attempt.compared = (run.text(of: guess), run.text(of: measured))
    }
    return attempt
  }

  private func verdict(
    on failure: Failure, of commands: SourceText, in run: CheckRun
  ) -> Verdict {
    let fault = failure.fault
    if fault.kind == .interrupted { return .stopped }
    let isOverLimit = fault.kind == .limit || failure.test?.outcome == .limit
    switch failure.stage {
    case .setup, .reveal: return .faultOfCourse(fault)
    case .answer:
      if fault.code == "not-a-number" { return .unreadable(fault) }
      return isOverLimit ? .overLimit(fault) : .failed(fault)
    case .check:
      if fault.code == "nothing-expected" { return .faultOfCourse(fault) }
      return isOverLimit
        ? .overLimit(fault) : .wrong(shortfall(failure, of: commands, in: run))
    }
  }

  /// Runs all that belongs to an answer, and gives the first failure with where it was.
  private func run(
    _ run: CheckRun, _ answer: SourceText, judgedBy judge: SourceText,
    revealed: (CommandReport) -> Void = { _ in }
  ) -> Failure? {
    if let setup = item.setup, case .failed(let fault) = run.run(setup) {
      return Failure(stage: .setup, fault: fault)
    }
    if case .failed(let fault) = run.run(answer) { return Failure(stage: .answer, fault: fault) }
    if item.kind == .number, let value = run.value(of: "answer"), !ItemCheck.isNumber(value) {
      return Failure(
        stage: .answer,
        fault: .notNumber(
          found: run.typeName(of: value), at: SourceRange(answer, 0, answer.text.utf8.count)))
    }
    if let reveal = item.reveal, case .failed(let fault) = run.run(reveal, each: revealed) {
      return Failure(stage: .reveal, fault: fault)
    }
    let before = run.expectationsMet
    var test: TestResult?
    let ending = run.run(judge) { report in
      test = test ?? report.tests.first { $0.outcome != .passed }
    }
    if case .failed(let fault) = ending {
      return Failure(stage: .check, fault: fault, test: test)
    }
    guard run.expectationsMet > before else {
      return Failure(
        stage: .check,
        fault: .nothingExpected(at: SourceRange(judge, 0, judge.text.utf8.count)))
    }
    return nil
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .float, .bytes: true
    default: false
    }
  }

  // MARK: Diagnosing

  private func shortfall(
    _ failure: Failure, of commands: SourceText, in run: CheckRun
  ) -> Shortfall {
    let fault = failure.fault
    guard diagnoses else {
      return Shortfall(failure: fault, idea: nil, reply: nil, remarks: [])
    }
    let idea = item.wrongIdeas.first { holds($0, for: commands) }
    return Shortfall(
      failure: fault, idea: idea?.name, reply: idea?.reply,
      remarks: FailedExpectation(fault, failure.test, of: item).remarks(in: run))
  }

  /// True where an answer shows a wrong idea.
  private func holds(_ idea: Item.WrongIdea, for commands: SourceText) -> Bool {
    let recognizer: SourceText
    if let when = idea.when {
      recognizer = when
    } else if item.kind == .text {
      recognizer = SourceText(
        name: item.file,
        text: "expect answer == " + ItemCheck.words(idea.example.text).quoted)
    } else {
      recognizer = SourceText(name: item.file, text: "expect answer == (\(idea.example.text))")
    }
    return run(CheckRun(configuration, limits: limits), commands, judgedBy: recognizer) == nil
  }

  /// True where an idea's `[when]` holds for an answer.
  func isTaken(_ answer: String, for idea: Item.WrongIdea) -> Bool {
    guard let commands = try? commands(of: answer) else { return false }
    return holds(idea, for: commands)
  }
}
