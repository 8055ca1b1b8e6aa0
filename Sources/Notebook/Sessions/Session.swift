package import Evaluation
package import Reports
package import Syntax
import Tensors
import Writing

/// A notebook's session: it feeds commands to an interpreter and tells what each did.
///
/// Use it from one thread. Commands run on another of their own, with a stack so large that
/// recursion in a program is bounded by its own limit.
///
/// A request to stop is not taken back here: it stops the command that runs, or the next one, and
/// all that would follow, until whoever asked takes it back.
package final class Session {
  /// What runs the commands.
  package let interpreter: Interpreter
  /// How much of the account follows each command.
  package var detail = AccountReport.Detail.brief
  /// Characters a line of a chart may take.
  package var width = 80
  /// True where drawings are told in words.
  package var isInWords = false
  /// True where each command's duration is told.
  package var showsClock = false
  /// Walks a schedule with a person; `nil` prints it whole.
  package var walker: ((ScheduleWalk) -> Void)?
  /// Hears what commands say, while they run; the reports have it all the same.
  package var listener: ((Report) -> Void)? {
    get { interpreter.listener }
    set { interpreter.listener = newValue }
  }
  private let succeeded: CommandTexts
  /// True once it was said that the file for their texts does not take them.
  private var isToldOfTexts = false
  /// Where commands run; made for the first of them, and asked for again where there was none.
  private var thread: EvaluationThread?

  /// A session without names of its own; commands such as `memory` are answered by it.
  package init(configuration: Interpreter.Configuration = .init()) {
    interpreter = Interpreter(configuration: configuration)
    // A script has a text of all its commands anyway; who sits at a session may go on for long.
    succeeded = CommandTexts(
      file: configuration.keepsUndo
        ? SpillFile(limit: configuration.undoLimit, folders: configuration.undoFolders) : nil)
    interpreter.commandHandler = { [unowned self] command, arguments, _ throws(Fault) in
      try self.answer(command, arguments)
    }
  }

  /// Functions that know themselves hold themselves until they are let go of.
  deinit { interpreter.reset() }

  // MARK: Scripts

  /// Where a run goes on behind a command that failed.
  package enum Persistence: Sendable {
    /// Behind tests that failed, and behind nothing else.
    case behindTests
    /// Behind any command.
    case always
  }

  /// Runs a text's commands in order and hands each report over as it finishes. Faults of syntax,
  /// up to ten, are reported before anything runs, and then nothing does. A command that was asked
  /// to stop is the last one.
  ///
  /// True where every command succeeded.
  @discardableResult
  package func run(
    _ source: SourceText, goesOn: Persistence = .behindTests,
    willRun: (Statement) -> Void = { _ in }, each: (CommandReport) -> Void
  ) -> Bool {
    let result = parse(source)
    guard result.faults.isEmpty else {
      for fault in result.faults { each(refusal(fault, in: source)) }
      return false
    }
    var isOK = true
    for statement in result.script.statements {
      willRun(statement)
      let report = run(statement)
      each(report)
      guard let fault = report.fault else { continue }
      isOK = false
      if fault.kind == .interrupted || goesOn == .behindTests && !fault.isOfTest { return false }
    }
    return isOK
  }

  /// Reads a text into a tree; a request to stop ends that too.
  package func parse(_ source: SourceText) -> Parser.Result {
    var result: Parser.Result?
    let isStopped = { [interpreter] in interpreter.interruption.isRequested }
    guard onThread({ result = Parser.parse(source, isStopped: isStopped) }), let result else {
      return Parser.Result(
        script: Script(source: source, items: []), faults: [.noThread(at: nil)],
        isUnfinished: false)
    }
    return result
  }

  /// Runs a body on the thread of the commands and waits for it. False where the system gives no
  /// thread; it has not run then.
  private func onThread(_ body: @escaping () -> Void) -> Bool {
    if thread == nil { thread = EvaluationThread() }
    guard let thread else { return false }
    thread.run(body)
    return true
  }

  /// Runs one command.
  package func run(_ statement: Statement) -> CommandReport {
    let (interpreter, showsClock) = (interpreter, showsClock)
    let clock = ContinuousClock()
    var report: CommandReport?
    let hasRun = onThread {
      let start = clock.now
      let outcome = interpreter.run(statement)
      let seconds = showsClock ? (clock.now - start) / .seconds(1) : nil
      report = self.report(outcome, of: statement, seconds: seconds)
    }
    guard hasRun, var report else {
      return refusal(.noThread(at: statement.range), in: statement.range.source)
    }
    guard report.isOK else { return report }
    do throws(SpillFile.Problem) {
      try succeeded.append(
        report.source + (statement.isSilenced ? ";" : ""), command: interpreter.command)
    } catch {
      guard !isToldOfTexts else { return report }
      isToldOfTexts = true
      let stay = "the texts of commands stay in memory from here on: \(error.reason)"
      let remark = Report(.note("note: \(stay)"))
      listener?(remark)
      report.said.append(remark)
    }
    return report
  }

  /// Text of the commands that succeeded, in order: what `:save` writes. Throws where the file that
  /// has most of them cannot be read.
  package func history() throws(Diagnostic) -> [String] {
    do throws(SpillFile.Problem) {
      return try succeeded.all()
    } catch {
      throw .textsUnreadable(error)
    }
  }

  /// Forgets all: bindings, history and detail.
  package func reset() {
    interpreter.reset()
    succeeded.removeAll()
    detail = .brief
  }

  /// Goes back to before the last command that changed something, and gives its text. Throws where
  /// that cannot be done; then nothing has changed.
  package func undo() throws(Diagnostic) -> String {
    let taken = try interpreter.undo()
    succeeded.takeBack(from: taken.command)
    return taken.text
  }

  /// The type of an expression's value. The expression is evaluated, and what it did is undone.
  package func type(of statement: Statement) -> Result<String, Diagnostic> {
    let interpreter = interpreter
    var result = Result<String, Diagnostic>.success("none")
    let hasRun = onThread {
      let outcome = interpreter.peek(statement)
      if let fault = outcome.fault {
        result = .failure(fault)
      } else if let value = outcome.value {
        result = .success(interpreter.typeName(of: value))
      }
    }
    return hasRun ? result : .failure(.noThread(at: statement.range))
  }

  // MARK: Reports

  private func report(
    _ outcome: Outcome, of statement: Statement, seconds: Double?
  ) -> CommandReport {
    let memory = AccountReport(
      live: outcome.live, liveBefore: outcome.liveBefore, ans: outcome.ans, peak: outcome.peak,
      peakLabel: outcome.peakLabel, run: outcome.run, budget: interpreter.ledger.budget)
    // A failed command gave everything back: its account is told only where it did not.
    let isTold = outcome.fault == nil || outcome.live != outcome.liveBefore
    return CommandReport(
      file: statement.range.source.name, line: statement.range.start.line,
      source: statement.range.text, said: outcome.said, wasHeard: listener != nil,
      value: outcome.value,
      answer: outcome.isSilenced ? nil : outcome.value.flatMap(answer),
      json: { [interpreter] in
        outcome.value.map { JSONValue($0, in: interpreter) } ?? .null
      },
      fault: outcome.fault, tests: outcome.tests, memory: memory,
      told: isTold ? memory.report(detail) : Report(), width: width, isInWords: isInWords,
      seconds: seconds)
  }

  private func answer(_ value: Value) -> Report? {
    if case .none = value { nil } else { interpreter.report(of: value) }
  }

  /// The report of a command that never ran: a fault of syntax.
  package func refusal(_ fault: Diagnostic, in source: SourceText) -> CommandReport {
    outside(Report(), fault, in: source)
  }

  /// The report of what is told outside of the language, as `:tree` is.
  package func remark(_ said: Report, in source: SourceText) -> CommandReport {
    outside(said, nil, in: source)
  }

  /// The report of a text that changed no memory: what is said of it, or what is wrong with it.
  private func outside(
    _ said: Report, _ fault: Diagnostic?, in source: SourceText
  ) -> CommandReport {
    let live = interpreter.ledger.live
    let line = fault?.range?.start.line ?? source.firstLine
    return CommandReport(
      file: source.name, line: line, source: source.line(line).shortened, said: said,
      wasHeard: false, value: nil, answer: nil, json: { .null }, fault: fault, tests: [],
      memory: AccountReport(
        live: live, liveBefore: live, ans: interpreter.settledBytesOfAnsAlone(), peak: live,
        peakLabel: "", run: nil, budget: interpreter.ledger.budget),
      told: Report(), width: width, isInWords: isInWords, seconds: nil)
  }
}
