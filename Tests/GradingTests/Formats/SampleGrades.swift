import Grading

/// Grades of every kind, for tests of what is written of them.
enum SampleGrades {
  static let place = TestGrade.Place(
    file: "thirds.cairn", line: 3, column: 5, source: "  let third = chain.length")
  static let secret = [
    "SECRET NAME", "SECRET FINDING", "SECRET HINT", "SECRET VALUE", "SECRET LINE",
  ]
  /// What steers terminals, XML, TAP, tables and text alike.
  static let nasty = "a\u{1B}[2Jb # SKIP \\ <&>\"' ,\u{0}\u{FFFE}\u{202E}\r\nnot ok 1\n  ...\n1..0"

  static func test(
    _ number: Int, _ outcome: Outcome, points: Double = 0, of: Double = 2, isHidden: Bool = false
  ) -> TestGrade {
    let isPassed = outcome == .passed
    if isHidden {
      return TestGrade(
        number: number, name: secret[0], isHidden: true, outcome: outcome, points: points, of: of,
        message: isPassed ? nil : secret[1],
        place: TestGrade.Place(file: "checks.cairn", line: 1, column: 1, source: secret[4]),
        hint: secret[2], found: isPassed ? nil : secret[3])
    }
    return TestGrade(
      number: number, name: "peak of thirds", isHidden: false, outcome: outcome, points: points,
      of: of, message: isPassed ? nil : "expected at most 1 MiB, found 3 MiB",
      place: isPassed ? nil : place, hint: isPassed ? nil : "count the boundaries",
      found: isPassed ? nil : "3 MiB", replay: "cairn grade --explain thirds.cairn \(number)")
  }

  static func grade(
    _ student: String, _ tests: [TestGrade], fault: SubmissionGrade.Fault? = nil,
    output: String = "", steps: Int? = nil
  ) -> SubmissionGrade {
    SubmissionGrade(
      student: student, digest: String(repeating: "0", count: 64), tests: tests, fault: fault,
      output: output, steps: steps)
  }

  static func fault(_ outcome: Outcome) -> SubmissionGrade.Fault {
    SubmissionGrade.Fault(outcome: outcome, message: "an operand is missing", place: place)
  }

  static let full = grade("ada", [test(1, .passed, points: 2), test(2, .passed, points: 2)])
  static let fullVisible = grade(
    "bea", [test(1, .passed, points: 2), test(2, .wrong, isHidden: true)])
  static let mixed = grade(
    "cyd/answer",
    Outcome.allCases.enumerated().map {
      test($0 + 1, $1, points: $1 == .passed ? 2 : $1 == .partly ? 0.1 : 0)
    } + [test(7, .passed, points: 2, isHidden: true), test(8, .wrong, isHidden: true)],
    output: String(repeating: "step of the loop\n", count: 100))
  static let unreadable = grade(
    "dan", [test(1, .notGradable), test(2, .notGradable, isHidden: true)],
    fault: fault(.notGradable))
  static let endless = grade("eve", [test(1, .limitHit)], fault: fault(.limitHit))
  static let openWhole = grade("fay", [test(1, .faultOfChecks)], fault: fault(.faultOfChecks))
  static let testless = grade("gil", [])
  static let onlyHidden = grade("hal", [test(1, .wrong, isHidden: true)])
  static let crashedHidden = grade(
    "ida", [test(1, .notGradable, isHidden: true)], fault: fault(.notGradable))
  static let hostile = grade(
    "=cmd()/" + nasty,
    [
      TestGrade(
        number: 1, name: nasty, isHidden: false, outcome: .wrong, points: 0, of: 1,
        message: nasty, place: TestGrade.Place(file: nasty, line: 1, column: 1, source: nasty),
        hint: nasty, found: nasty, replay: nil)
    ], output: nasty + String(repeating: "é", count: 2_000_000))

  static let all = [
    full, fullVisible, mixed, unreadable, endless, openWhole, testless, onlyHidden, crashedHidden,
    hostile,
  ]
  /// None of these may look like a pass or get full marks, in any format.
  static let failing = [
    mixed, unreadable, endless, openWhole, testless, crashedHidden, hostile,
  ]
}
