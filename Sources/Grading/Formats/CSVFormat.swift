import Writing

/// A row a submission, a column a test; rows end as RFC 4180 has it.
enum CSVFormat {
  static func text(of grade: AssignmentGrade) -> String {
    let tests = columns(of: grade)
    let header =
      ["student", "points", "of", "status"]
      + tests.map { "\($0.number): \($0.name) (\($0.of.pointsText))" }
    let rows = grade.submissions.map { submission in
      [
        submission.student, submission.points.pointsText, submission.of.pointsText,
        status(submission),
      ] + tests.map { cell($0.number, of: submission) }
    }
    return ([header] + rows).map { row in
      row.map(\.csvCell).joined(separator: ",") + "\r\n"
    }.joined()
  }

  /// Each test once, by its number, whatever submission has it.
  private static func columns(of grade: AssignmentGrade) -> [TestGrade] {
    var known: [Int: TestGrade] = [:]
    for test in grade.submissions.lazy.flatMap(\.tests) where known[test.number] == nil {
      known[test.number] = test
    }
    return known.values.sorted { $0.number < $1.number }
  }

  private static func status(_ grade: SubmissionGrade) -> String {
    if let fault = grade.fault { return fault.outcome.rawValue }
    if grade.tests.isEmpty { return "no tests" }
    return grade.isOpen ? Outcome.faultOfChecks.rawValue : "graded"
  }

  /// Points; empty where the checks failed, since then nobody knows.
  private static func cell(_ number: Int, of grade: SubmissionGrade) -> String {
    guard let test = grade.tests.first(where: { $0.number == number }),
      test.outcome != .faultOfChecks
    else { return "" }
    return test.points.pointsText
  }
}

extension String {
  /// A cell that tables read as text: names of files that start like formulas get a `'`.
  fileprivate var csvCell: String {
    var text = printable
    if let first = text.first, "=+-@".contains(first) { text = "'" + text }
    // Scalars: a CR and an LF together are one character.
    guard text.unicodeScalars.contains(where: { [",", "\"", "\r", "\n"].contains($0) }) else {
      return text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
