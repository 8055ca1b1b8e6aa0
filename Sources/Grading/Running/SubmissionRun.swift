package import Evaluation
package import Notebook
import Reports
package import Syntax
import Writing

/// Runs one submission in this process under deterministic limits: first the student's file alone,
/// then the tests of the checks, each of which leaves everything as it was.
///
/// The text of the checks is needed only for `grade`, when the student's file has ended. The same
/// submission, checks and seeds give the same grades on every machine.
package final class SubmissionRun {
  /// What the submission printed while its file ran; what functions print that tests call is not
  /// kept, since it may tell what a hidden test asks.
  package private(set) var output = ""
  /// Evaluation steps so far, of the file and of its tests.
  package private(set) var steps = 0
  private let submission: SourceText
  private let run: CheckRun

  /// - Parameters:
  ///   - submission: The student's file.
  ///   - files: Texts that it may import, by their paths; it can reach no other file.
  ///   - limits: What its file, and each test, may take.
  ///   - configuration: What the session is made with, its files and limits apart.
  package init(
    _ submission: SourceText, files: [String: String] = [:], limits: CheckLimits = .usual,
    configuration: Interpreter.Configuration = .init()
  ) {
    var configuration = configuration
    configuration.files = files
    self.submission = submission
    run = CheckRun(configuration, limits: limits)
  }

  // MARK: The student's file

  /// Runs the student's file. Gives what ended it before its end; then there is nothing to test.
  package func load() -> SubmissionGrade.Fault? {
    let parsed = run.parse(submission)
    if let fault = parsed.faults.first { return self.fault(fault) }
    guard !parsed.script.statements.isEmpty else {
      return SubmissionGrade.Fault(outcome: .notGradable, message: "the submission is empty")
    }
    run.listener = { [weak self] report in self?.hear(report) }
    defer { run.listener = nil }
    for statement in parsed.script.statements {
      // A student's own test that fails is the student's business.
      if let fault = ran(statement).fault, !fault.isOfTest { return self.fault(fault) }
    }
    return nil
  }

  private func hear(_ report: Report) {
    for case .verbatim(let text) in report.parts where output.utf8.count < CheckLimits.kept {
      output += text + "\n"
    }
  }

  private func fault(_ fault: Diagnostic) -> SubmissionGrade.Fault {
    SubmissionGrade.Fault(
      outcome: fault.kind == .limit ? .limitHit : .notGradable, message: fault.message,
      place: fault.range.map(TestGrade.Place.init))
  }

  // MARK: The tests

  /// Tests what the student's file defined, once `load` gave no fault. Hands over each grade, the
  /// visible tests first.
  ///
  /// - Parameters:
  ///   - seeds: For each test of the checks what the draws of its turns begin with.
  ///   - refuted: Numbers of tests that the model answer does not pass: faults of the checks.
  ///   - only: The number of the one test to run; `nil` for all.
  package func grade(
    _ checks: ChecksFile, seeds: [[UInt64]], refuted: Set<Int> = [], only: Int? = nil,
    each: (TestGrade) -> Void
  ) {
    run.judge(by: checks.source)
    run.hasAsked = false
    let words = submissionNames(checks)
    var broken: Diagnostic?
    for statement in words + checks.preparations where broken == nil {
      broken = ran(statement).fault
    }
    let hasAskedBefore = run.hasAsked
    for test in checks.running where only.map({ isNeeded(test, for: $0, checks) }) ?? true {
      let judge = TestJudge(
        checks: checks.source, submission: submission, test: test, seeds: seeds[test.number - 1])
      if refuted.contains(test.number) {
        each(judge.refuted)
        continue
      }
      if let broken {
        each(judge.grade(broken, hasAsked: hasAskedBefore))
        continue
      }
      run.hasAsked = hasAskedBefore || judge.asksForWords
      run.testSeeds = seeds[test.number - 1]
      let report = ran(test.statement)
      let result = report.tests.last {
        $0.range.source === checks.source && $0.range.lower == test.statement.range.lower
      }
      if only == nil || test.number == only {
        each(judge.grade(result, report.fault, hasAsked: run.hasAsked))
      }
    }
  }

  /// True for the test that is asked for, and those that must have passed before it.
  private func isNeeded(_ test: ChecksFile.Test, for only: Int, _ checks: ChecksFile) -> Bool {
    var next = checks.tests.first { $0.number == only }
    while let needed = next {
      if needed.number == test.number { return true }
      next = checks.tests.first { $0.name == needed.after }
    }
    return false
  }

  private func ran(_ statement: Statement) -> CommandReport {
    let report = run.run(statement)
    steps += run.steps
    return report
  }

  /// `submission_words` and `submission_printed`, where the checks ask for them: the words of the
  /// student's file in order, comments and strings apart, and what it printed.
  private func submissionNames(_ checks: ChecksFile) -> [Statement] {
    var text = ""
    if checks.source.text.contains("submission_words") {
      let words = SourceWords.words(of: submission).map(\.quoted).joined(separator: ", ")
      text += "let submission_words = [\(words)]\n"
    }
    if checks.source.text.contains("submission_printed") {
      text += "let submission_printed = \(output.quoted)\n"
    }
    return Parser.parse(SourceText(name: "<submission>", text: text)).script.statements
  }
}

extension CheckLimits {
  /// Bytes of a submission's output that are kept.
  static let kept = 64 << 10
}

extension TestGrade.Place {
  /// Where a range begins.
  init(_ range: SourceRange) {
    let start = range.start
    self.init(
      file: range.source.name.split(separator: "/").last.map(String.init) ?? range.source.name,
      line: start.line, column: start.column, source: range.source.line(start.line).shortened)
  }
}
