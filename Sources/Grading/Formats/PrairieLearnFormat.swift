import Reports
import Writing

/// `results.json` of a PrairieLearn external grader.
enum PrairieLearnFormat {
  /// Most bytes of the file.
  static let limit = 1_000_000
  /// Most bytes of what the submission printed.
  static let longestOutput = 100_000

  static func text(of grade: SubmissionGrade) -> String {
    let full = text(of: grade, telling: { $0 })
    if full.utf8.count <= limit { return full }
    // Very many tests: their names and points matter more than their words.
    return text(of: grade, telling: { $0.cut(toBytes: 200) })
  }

  private static func text(of grade: SubmissionGrade, telling: (String) -> String) -> String {
    let view = StudentView(grade)
    // What the student did not cause costs no attempt; neither does what cannot be read.
    let isGradable =
      !grade.isOpen && !grade.tests.isEmpty && grade.fault?.outcome != .notGradable
    var members: [(String, JSONValue)] = [
      ("gradable", .boolean(isGradable)),
      ("score", .number(isGradable && grade.of > 0 ? share(grade) : 0)),
      (
        "message",
        .string(
          ([view.verdict] + [view.hiddenNote].compactMap { $0 })
            .joined(separator: "\n"))
      ),
      ("output", .string(telling(grade.output.cut(toBytes: longestOutput).printable))),
      ("tests", .array(view.entriesWithHidden.map { test($0, telling) })),
    ]
    if !isGradable {
      let faults = view.entries.filter { $0.outcome != .passed }.compactMap(\.message)
      members.append(
        (
          "format_errors",
          .array(
            (faults.isEmpty ? [view.verdict] : faults).map { .string(telling($0.printable)) })
        ))
    }
    return JSONValue.object(members).text + "\n"
  }

  private static func share(_ grade: SubmissionGrade) -> Double {
    min(max((grade.points / grade.of).roundedPoints, 0), 1)
  }

  private static func test(
    _ entry: StudentView.Entry, _ telling: (String) -> String
  ) -> JSONValue {
    .object([
      ("name", .string(telling(entry.name.printableLine))), ("points", .points(entry.points)),
      ("max_points", .points(entry.of)),
      ("message", .string(telling(entry.message?.printable ?? entry.outcome.rawValue))),
    ])
  }
}
