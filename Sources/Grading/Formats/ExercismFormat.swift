import Reports

/// `results.json` of an Exercism test runner, version 3 of its interface.
enum ExercismFormat {
  /// Most characters of a test's output.
  static let longestOutput = 500
  /// Most bytes of the message of the whole.
  static let longestMessage = 65_535
  static let truncated = "Output was truncated. Please limit to 500 chars"

  /// - Parameter codes: the text of each visible test, by its number.
  static func text(of grade: SubmissionGrade, codes: [Int: String] = [:]) -> String {
    let view = StudentView(grade)
    let entries = view.entriesWithHidden.filter {
      $0.number != nil || $0.name != StudentWords.submission
    }
    let isError =
      grade.fault != nil || entries.allSatisfy { $0.outcome.exercismStatus == "error" }
    let status = isError ? "error" : grade.isPassed ? "pass" : "fail"
    let message =
      isError
      ? view.entries.compactMap(\.message).joined(separator: "\n").printable
        .cut(toBytes: longestMessage) : nil
    let output = self.output(grade.output)
    let tests = entries.enumerated().map { index, entry in
      test(
        entry, code: entry.number.flatMap { codes[$0] },
        output: index == 0 && !grade.output.isEmpty ? output : nil)
    }
    return JSONValue.object([
      ("version", .integer(3)), ("status", .string(status)), ("message", .optional(message)),
      ("tests", .array(tests)),
    ]).text + "\n"
  }

  private static func test(
    _ entry: StudentView.Entry, code: String?, output: String?
  ) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(entry.name.printableLine)),
      ("status", .string(entry.outcome.exercismStatus)),
      ("message", .optional(entry.message?.printable)), ("output", .optional(output)),
    ]
    if let code { members.append(("test_code", .string(code.printable))) }
    return .object(members)
  }

  private static func output(_ text: String) -> String {
    let text = text.printable
    guard text.unicodeScalars.count > longestOutput else { return text }
    let room = longestOutput - truncated.unicodeScalars.count - 1
    var start = ""
    start.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(room))
    return start + "\n" + truncated
  }
}

extension Outcome {
  /// `pass`, `fail` or `error`, as Exercism and GitHub Classroom have them.
  var exercismStatus: String {
    switch self {
    case .passed: "pass"
    case .partly, .wrong: "fail"
    case .notGradable, .limitHit, .faultOfChecks: "error"
    }
  }
}
