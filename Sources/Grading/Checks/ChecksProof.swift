package import Evaluation
package import Notebook
package import Syntax

/// Proves of checks that the model answer gets all points, and that a stub, an empty submission,
/// one that cannot be read, one that never ends and one that fails get none.
package struct ChecksProof {
  private let checks: ChecksFile
  private let files: [String: String]
  private let limits: CheckLimits
  private let configuration: Interpreter.Configuration

  /// What is not so.
  package struct Finding: Sendable, Equatable {
    /// The line of the checks that it is about, from 1.
    package let line: Int
    /// In words.
    package let message: String
  }

  /// - Parameter files: Texts that submissions may import, by their paths.
  package init(
    _ checks: ChecksFile, files: [String: String] = [:], limits: CheckLimits = .usual,
    configuration: Interpreter.Configuration = .init()
  ) {
    (self.checks, self.files, self.limits) = (checks, files, limits)
    self.configuration = configuration
  }

  /// Students of that many names try the model, so that it holds for their draws and not for one.
  private static let students = ["model", "one", "two"]

  /// The grade of one submission, in this process.
  package func grade(_ submission: SourceText, student: String = "model") -> SubmissionGrade {
    grade(submission, student: student, limits: limits)
  }

  private func grade(
    _ submission: SourceText, student: String, limits: CheckLimits
  ) -> SubmissionGrade {
    let run = SubmissionRun(
      submission, files: files, limits: limits, configuration: configuration)
    if let fault = run.load() {
      return SubmissionGrade(
        student: student, digest: "", tests: checks.grades(of: fault), fault: fault,
        output: run.output, steps: run.steps)
    }
    var tests: [TestGrade] = []
    let seeds = SeedKey(secret: [], course: checks.source.name).seeds(of: checks, student: student)
    run.grade(checks, seeds: seeds) { tests.append($0) }
    return SubmissionGrade(
      student: student, digest: "", tests: tests.sorted { $0.number < $1.number },
      output: run.output, steps: run.steps)
  }

  /// Numbers of the tests that a model answer does not pass: faults of the checks.
  package func refuted(by model: SourceText) -> Set<Int> {
    Set(grade(model).tests.filter { $0.outcome != .passed }.map(\.number))
  }

  /// What is wrong with the checks; empty where nothing is.
  package func findings(model: SourceText, stub: SourceText?) -> [Finding] {
    var findings: [Finding] = []
    for student in ChecksProof.students where findings.isEmpty {
      let grade = grade(model, student: student)
      findings += grade.tests.filter { $0.outcome != .passed }.map { test in
        Finding(
          line: line(of: test.number),
          message: "the model answer does not pass '\(test.name)': \(test.outcome.rawValue)"
            + (test.message.map { ", \($0)" } ?? ""))
      }
    }
    guard findings.isEmpty else { return findings }
    return probes(stub).flatMap { name, text in
      var limits = limits
      if name == "an endless submission" { limits.steps = 10_000 }
      let grade = grade(text, student: "model", limits: limits)
      return grade.tests.filter {
        // A stub may pass what gives no points, and only leads to what does.
        $0.points > 0 || $0.outcome == .passed && name != "the stub"
      }.map { test in
        Finding(
          line: line(of: test.number), message: "\(name) gets points for '\(test.name)'")
      }
    }
  }

  private func probes(_ stub: SourceText?) -> [(String, SourceText)] {
    func text(_ text: String) -> SourceText { SourceText(name: "submission.cairn", text: text) }
    return (stub.map { [("the stub", $0)] } ?? []) + [
      ("an empty submission", text("")),
      ("a submission of comments", text("# nothing\n")),
      ("a submission that defines nothing asked for", text("let unasked = 1\n")),
      ("an unreadable submission", text("let answer = ((\n")),
      ("an endless submission", text("while true { let spin = 1 }\n")),
      ("a submission that fails", text("[][0]\n")),
    ]
  }

  private func line(of number: Int) -> Int {
    checks.tests[number - 1].statement.range.start.line
  }
}

extension ChecksFile {
  /// The grades of a submission that could not be tested: no points, and why.
  package func grades(of fault: SubmissionGrade.Fault) -> [TestGrade] {
    tests.map { test in
      TestGrade(
        number: test.number, name: test.name, isHidden: test.isHidden, outcome: fault.outcome,
        points: 0, of: test.of, message: fault.message, place: fault.place)
    }
  }
}
