import Reports
import Writing

/// `results.json` of a Gradescope autograder. It may be written anew as each test finishes, so that
/// a container which is killed leaves what was known.
package enum GradescopeFormat {
  /// The whole file.
  ///
  /// - Parameter waiting: tests that have not been run yet, as they are where nothing is known (no
  ///   points); not empty while the grading runs.
  package static func text(of grade: SubmissionGrade, waiting: [TestGrade] = []) -> String {
    let view = StudentView(grade)
    // Before the first test has ended, nothing is known of the submission as a whole either.
    let entries = grade.tests.isEmpty && !waiting.isEmpty ? [] : view.entries
    var tests = entries.enumerated().map { test($1, number: $1.number ?? $0) }
    tests += view.hidden.map { hidden($0, points: $0.points) }
    tests += waiting.map { test in
      test.isHidden
        ? hidden(test, points: 0)
        : self.test(
          StudentView.Entry(
            number: test.number, name: test.name.shortened, outcome: .notGradable, points: 0,
            of: test.of, message: StudentWords.notReached, place: nil), number: test.number)
    }
    let words =
      (waiting.isEmpty ? [view.verdict] : [StudentWords.unfinished])
      + (view.hiddenNote.map { [$0] } ?? [])
    return JSONValue.object([
      ("score", .points(grade.points)),
      ("output", .string(words.joined(separator: "\n"))), ("output_format", .string("text")),
      ("test_output_format", .string("text")), ("test_name_format", .string("text")),
      ("visibility", .string("visible")), ("stdout_visibility", .string("hidden")),
      ("tests", .array(tests)),
    ]).text + "\n"
  }

  private static func test(_ entry: StudentView.Entry, number: Int) -> JSONValue {
    .object([
      ("score", .points(entry.points)), ("max_score", .points(entry.of)),
      ("status", .string(entry.outcome == .passed ? "passed" : "failed")),
      ("name", .string(entry.name.printableLine)), ("number", .string(String(number))),
      (
        "output",
        .string(
          [entry.outcome.rawValue, entry.message?.printable].compactMap { $0 }
            .joined(separator: "\n"))
      ),
      ("visibility", .string("visible")),
    ])
  }

  /// Only its points: Gradescope shows it to the instructor alone.
  private static func hidden(_ test: TestGrade, points: Double) -> JSONValue {
    .object([
      ("score", .points(points)), ("max_score", .points(test.of)),
      ("name", .string("hidden test \(test.number)")), ("number", .string(String(test.number))),
      ("visibility", .string("hidden")),
    ])
  }
}
