import Reports

/// Everything that is known of grades, on one line; `docs/formats.md` says what each field is.
enum JSONFormat {
  /// Raised when a field changes its meaning or goes; new fields do not raise it.
  static let version = 1

  static func text(of grade: AssignmentGrade) -> String {
    JSONValue.object([
      ("format", .string("cairn-grade")), ("version", .integer(version)),
      ("assignment", .string(grade.assignment)),
      ("shelter", .optional(grade.shelter)),
      ("left_out", .array(grade.leftOut.map(JSONValue.string))),
      ("submissions", .array(grade.submissions.map(value))),
    ]).text + "\n"
  }

  private static func value(_ grade: SubmissionGrade) -> JSONValue {
    .object([
      ("student", .string(grade.student)), ("digest", .string(grade.digest)),
      ("points", .points(grade.points)), ("of", .points(grade.of)),
      ("passed", .boolean(grade.isPassed)), ("open", .boolean(grade.isOpen)),
      ("fault", grade.fault.map(value) ?? .null),
      ("steps", grade.steps.map(JSONValue.integer) ?? .null),
      ("output", .string(grade.output)),
      ("tests", .array(grade.tests.map(value))),
    ])
  }

  private static func value(_ fault: SubmissionGrade.Fault) -> JSONValue {
    .object([
      ("outcome", .string(fault.outcome.rawValue)), ("message", .string(fault.message)),
      ("place", value(fault.place)),
    ])
  }

  private static func value(_ place: TestGrade.Place?) -> JSONValue {
    guard let place else { return .null }
    return .object([
      ("file", .string(place.file)), ("line", .integer(place.line)),
      ("column", .integer(place.column)), ("source", .string(place.source)),
    ])
  }

  private static func value(_ test: TestGrade) -> JSONValue {
    .object([
      ("number", .integer(test.number)), ("name", .string(test.name)),
      ("hidden", .boolean(test.isHidden)), ("outcome", .string(test.outcome.rawValue)),
      ("points", .points(test.points)), ("of", .points(test.of)),
      ("message", .optional(test.message)), ("place", value(test.place)),
      ("hint", .optional(test.hint)), ("found", .optional(test.found)),
      ("replay", .optional(test.replay)),
    ])
  }
}
