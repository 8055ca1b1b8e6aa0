import Writing

/// The words of what students read in all formats.
enum StudentWords {
  static let submission = "the submission"
  static let hiddenName = "hidden tests"
  static let hidden = "hidden tests: not shown"
  /// For formats in which each test is green or red: no more than how many.
  static func hiddenPassed(_ count: Int, of all: Int) -> String {
    "hidden tests: \(count) of \(all) passed"
  }
  static let noTests = "The checks have no tests: nothing was graded."
  static let onlyHidden = "All tests are hidden: what they found is not shown."
  static let allPassed = "All tests passed."
  static let allVisiblePassed = "All visible tests passed."
  static let open = "The checks have a fault: the points are open until the instructor has looked."
  static let notReached = "Grading ended before this test."
  static let unfinished = "Grading was cut off before its end: what is here was known by then."

  static func passed(_ count: Int, of all: Int) -> String {
    "\(count) of \(all) visible tests passed."
  }

  static func untested(_ outcome: Outcome) -> String {
    switch outcome {
    case .limitHit: "The submission met a limit: no test was run to its end."
    case .faultOfChecks: open
    case .passed, .partly, .wrong, .notGradable: "The submission could not be graded."
    }
  }

  /// Where a test says nothing itself.
  static func ended(_ outcome: Outcome) -> String {
    switch outcome {
    case .passed: "All that is expected holds."
    case .partly: "Some of what is expected holds."
    case .wrong: "What is expected does not hold."
    case .notGradable: "The test could not be run on the submission."
    case .limitHit: "The test met a limit."
    case .faultOfChecks: open
    }
  }

  /// Message, place, line of source, hint and command, a line each.
  static func report(
    _ message: String, _ place: TestGrade.Place?, hint: String?, replay: String?
  ) -> String {
    var lines = [message.shortened]
    if let place {
      lines.append("at \(place.file):\(place.line):\(place.column)")
      lines.append("  \(place.source.shortened)")
    }
    if let hint { lines.append("hint: \(hint.shortened)") }
    if let replay { lines.append("replay: \(replay)") }
    return lines.joined(separator: "\n")
  }
}
