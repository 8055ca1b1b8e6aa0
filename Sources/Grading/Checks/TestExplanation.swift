package import Evaluation
package import Notebook
package import Syntax
import Writing

/// One visible test, run on one submission with the draws that its result names, as a student may.
package struct TestExplanation {
  /// How it ended; the fault of the submission as a whole where that kept it from being run.
  private let grade: TestGrade

  /// Runs it. Throws where no visible test has the name.
  ///
  /// - Parameter seed: What its draws begin with; `nil` for those that need no secret.
  package init(
    _ checks: ChecksFile, _ submission: SourceText, test name: String, seed: UInt64?,
    files: [String: String] = [:], limits: CheckLimits = .usual,
    configuration: Interpreter.Configuration = .init()
  ) throws(Diagnostic) {
    let known = checks.tests.filter { !$0.isHidden }
    guard let test = known.first(where: { $0.name == name }) else {
      throw .noVisibleTest(name, known: known.map(\.name))
    }
    var seeds = SeedKey(secret: [], course: checks.source.name).seeds(of: checks, student: "")
    if let seed { seeds[test.number - 1] = [seed] }
    let run = SubmissionRun(
      submission, files: files, limits: limits, configuration: configuration)
    if let fault = run.load() {
      grade = checks.grades(of: fault)[test.number - 1]
      return
    }
    var found: TestGrade?
    run.grade(checks, seeds: seeds, only: test.number) { found = $0 }
    guard let found else { throw .noVisibleTest(name, known: known.map(\.name)) }
    grade = found
  }

  /// True where it gives all of its points.
  package var isPassed: Bool { grade.outcome == .passed }

  /// How it ended, with the place and the hint; ends with a newline.
  package var text: String {
    var text = "\(grade.name): \(grade.outcome.rawValue), \(NumberFormat.number(grade.points)) of "
    text += "\(NumberFormat.number(grade.of)) points\n"
    if let message = grade.message { text += "  \(message)\n" }
    if let place = grade.place {
      text += "  --> \(place.file):\(place.line):\(place.column)\n   | \(place.source)\n"
    }
    if let hint = grade.hint { text += "  hint: \(hint)\n" }
    return text
  }
}
