import Writing

/// JUnit XML: a suite a submission. No times: no clock is read.
enum JUnitFormat {
  static func text(of grade: AssignmentGrade) -> String {
    let suites = grade.submissions.map { Suite($0, assignment: grade.assignment) }
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    lines.append(
      "<testsuites name=\(grade.assignment.xmlQuoted)"
        + " tests=\"\(suites.reduce(0) { $0 + $1.count })\""
        + " failures=\"\(suites.reduce(0) { $0 + $1.failures })\""
        + " errors=\"\(suites.reduce(0) { $0 + $1.errors })\">")
    for suite in suites { lines += suite.lines }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Suite {
    let view: StudentView
    let className: String

    init(_ grade: SubmissionGrade, assignment: String) {
      view = StudentView(grade)
      // Readers take points for the borders of packages.
      className =
        assignment + "."
        + String(grade.student.map { $0 == "." || $0 == "/" ? "_" : $0 })
    }

    var count: Int { view.entriesWithHidden.count }
    var failures: Int { view.entriesWithHidden.count { $0.outcome.junitTag == "failure" } }
    var errors: Int { view.entriesWithHidden.count { $0.outcome.junitTag == "error" } }

    var lines: [String] {
      var lines = [
        "  <testsuite name=\(view.grade.student.xmlQuoted) tests=\"\(count)\""
          + " failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\">",
        "    <properties>",
        "      <property name=\"points\" value=\"\(view.points.pointsText)\"/>",
        "      <property name=\"of\" value=\"\(view.of.pointsText)\"/>",
        "    </properties>",
      ]
      for entry in view.entries { lines += self.lines(entry) }
      if let hidden = view.hiddenTogether { lines += hiddenLines(hidden) }
      lines.append("  </testsuite>")
      return lines
    }

    /// One case for all hidden tests, with no more than how many passed.
    private func hiddenLines(_ entry: StudentView.Entry) -> [String] {
      wrapped(
        entry.name,
        entry.outcome.junitTag.map { "      <\($0) message=\(view.hiddenCount.xmlQuoted)/>" })
    }

    private func lines(_ entry: StudentView.Entry) -> [String] {
      guard let tag = entry.outcome.junitTag else { return wrapped(entry.name, nil) }
      let message = entry.message ?? ""
      let first = message.prefix { $0 != "\n" }
      return wrapped(
        entry.name,
        "      <\(tag) type=\(entry.outcome.rawValue.xmlQuoted) message="
          + "\(String(first).xmlQuoted)>\(message.xmlEscaped)</\(tag)>")
    }

    private func wrapped(_ name: String, _ inner: String?) -> [String] {
      let start = "    <testcase classname=\(className.xmlQuoted) name=\(name.xmlQuoted)"
      guard let inner else { return [start + "/>"] }
      return [start + ">", inner, "    </testcase>"]
    }
  }
}

extension Outcome {
  /// The element that says so; `nil` for a pass.
  fileprivate var junitTag: String? {
    switch self {
    case .passed: nil
    case .partly, .wrong: "failure"
    case .notGradable, .limitHit, .faultOfChecks: "error"
    }
  }
}

extension String {
  /// As XML 1.0 may hold it; characters that it may not hold are shown as escapes.
  fileprivate var xmlEscaped: String {
    var text = ""
    for scalar in printable.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The same as an attribute, whose newlines would be read as spaces.
  fileprivate var xmlQuoted: String {
    let inner = xmlEscaped.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "&#10;")
    return "\"\(inner)\""
  }
}
