import Reports

/// The result of a runner as the autograding reporter of GitHub Classroom reads it, before Base64.
enum ClassroomFormat {
  static func text(of grade: SubmissionGrade) -> String {
    let entries = StudentView(grade).entriesWithHidden
    let isError = grade.fault != nil || grade.isOpen || grade.tests.isEmpty
    let status = isError ? "error" : grade.isPassed ? "pass" : "fail"
    return JSONValue.object([
      ("version", .integer(1)), ("status", .string(status)), ("max_score", .points(grade.of)),
      ("tests", .array(entries.map(test))),
    ]).text + "\n"
  }

  private static func test(_ entry: StudentView.Entry) -> JSONValue {
    .object([
      ("name", .string(entry.name.printableLine)),
      ("status", .string(entry.outcome.exercismStatus)), ("score", .points(entry.points)),
      ("message", .optional(entry.message?.printable)), ("test_code", .string("")),
      ("filename", .string(entry.place?.file ?? "")),
      // The reporter says nothing of line 0.
      ("line_no", .integer(entry.place?.line ?? 0)),
    ])
  }
}
