import Syntax
import Writing

/// The wording of what goes wrong where checks ask a submission.
extension Diagnostic {
  /// A name that the checks ask for, and the submission has not. `known` is what it has.
  static func notInSubmission(_ field: Identifier, known: [String]) -> Diagnostic {
    Diagnostic(
      .name, "not-in-submission", "the submission defines no '\(field.name)'", at: field.range,
      hint: Suggestion.closest(to: field.name, among: known).map { "it defines '\($0)'" }
        ?? (known.isEmpty ? "it defines nothing" : nil))
  }

  /// A function of a submission that sets, while a test runs, what the test relies on.
  static func setByChecks(_ word: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "set-by-checks",
      "'\(word)' is set by the checks while a test runs, and not by what is tested", at: range,
      hint: "set it outside of functions, or not at all")
  }

  /// A file that a submission may not reach.
  static func notPermitted(_ path: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .io, "not-permitted", "'\(path.shortened)' is not among the files of this assignment",
      at: range, hint: "put what is needed into the file that is handed in")
  }

  /// A test in which nothing was expected, and which asks for no measure.
  static func testWithoutExpectation(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "nothing-expected", "the test ended, and nothing was expected in it", at: range,
      hint: "`help expect` shows how")
  }

  /// A test behind one that did not pass.
  static func testNotRun(after name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .test, "test-not-run", "it comes after \(name.quoted), which did not pass", at: range)
  }

  /// What a curve measures is so far off that there are no points.
  static func curveMissed(
    _ source: String, found: String, none: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .test, "curve",
      "expected \(source) on the good side of \(none), where points begin, but it is \(found)",
      at: range)
  }

  /// What a curve says in words between none and all: for a person who got some of the points.
  static func curvePartly(
    _ source: String, found: String, full: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .test, "curve", "\(source) is \(found); all points are given at \(full)", at: range)
  }

  /// A curve that is not `curve(value, full: a, none: b)`.
  static func badCurve(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "invalid-value",
      "a curve is a measure, where it gives all points, and where none; these two must differ",
      at: range, hint: "such as 'points: curve(peak, full: 1 MiB, none: 4 MiB, of: 5)'")
  }

  /// The end of a test of checks, at which all that it did is taken back.
  static func testTaken(at range: SourceRange) -> Diagnostic {
    Diagnostic(.test, "test-taken", "the test was taken", at: range)
  }
}
