import Writing

/// The Test Anything Protocol, version 14.
enum TAPFormat {
  /// One submission: a test point for each test.
  static func text(of grade: SubmissionGrade) -> String {
    (["TAP version 14"] + points(of: grade)).joined(separator: "\n") + "\n"
  }

  /// Several submissions: each is a subtest.
  static func text(of grade: AssignmentGrade) -> String {
    if grade.submissions.count == 1 { return text(of: grade.submissions[0]) }
    var lines = ["TAP version 14", "1..\(max(grade.submissions.count, 1))"]
    if grade.submissions.isEmpty { lines.append("not ok 1 - no submissions") }
    for (index, submission) in grade.submissions.enumerated() {
      let name = submission.student.tapEscaped
      lines.append("# Subtest: \(name)")
      lines += points(of: submission).map { "    " + $0 }
      let entries = StudentView(submission).entriesWithHidden
      let isOK = entries.allSatisfy { $0.outcome == .passed }
      lines.append("\(isOK ? "ok" : "not ok") \(index + 1) - \(name)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func points(of grade: SubmissionGrade) -> [String] {
    let view = StudentView(grade)
    var lines = ["1..\(view.entriesWithHidden.count)"]
    for (index, entry) in view.entries.enumerated() {
      let isPassed = entry.outcome == .passed
      lines.append("\(isPassed ? "ok" : "not ok") \(index + 1) - \(entry.name.tapEscaped)")
      guard let message = entry.message else { continue }
      lines += block(entry, message)
    }
    // All hidden tests are one point, so that none of them is told apart.
    if let hidden = view.hiddenTogether {
      let word = hidden.outcome == .passed ? "ok" : "not ok"
      lines.append("\(word) \(view.entries.count + 1) - \(view.hiddenCount)")
    }
    return lines + ["# " + view.verdict]
  }

  /// A YAML block; JSON's strings are YAML's too.
  private static func block(_ entry: StudentView.Entry, _ message: String) -> [String] {
    var lines = [
      "  ---", "  message: \(message.printable.jsonQuoted)", "  severity: fail",
      "  outcome: \(entry.outcome.rawValue.jsonQuoted)",
      "  points: \(entry.points.pointsText)", "  of: \(entry.of.pointsText)",
    ]
    if let place = entry.place {
      lines.append("  at:")
      lines.append("    file: \(place.file.printable.jsonQuoted)")
      lines.append("    line: \(place.line)")
      lines.append("    column: \(place.column)")
    }
    return lines + ["  ..."]
  }
}

extension String {
  /// A description on one line in which no directive can be read.
  fileprivate var tapEscaped: String {
    printableLine.reduce(into: "") { text, character in
      if character == "\\" || character == "#" { text.append("\\") }
      text.append(character)
    }
  }
}
