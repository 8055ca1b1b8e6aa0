import Foundation

/// A form in which grades are written, as `--format` names it.
package enum GradeFormat: String, CaseIterable, Sendable {
  /// What a person reads.
  case text
  /// Everything, hidden tests as well: for the instructor.
  case json
  /// `results.json` of a Gradescope autograder.
  case gradescope
  /// JUnit XML.
  case junit
  /// The Test Anything Protocol, version 14.
  case tap
  /// `results.json` of an Exercism test runner, version 3.
  case exercism
  /// What the autograding reporter of GitHub Classroom takes, before Base64.
  case classroom
  /// `results.json` of a PrairieLearn external grader.
  case prairielearn
  /// A row a submission and a column a test: for the instructor.
  case csv

  /// True where a file holds one submission, as the service behind the format has it.
  package var isOfOneSubmission: Bool {
    switch self {
    case .gradescope, .exercism, .classroom, .prairielearn: true
    case .text, .json, .junit, .tap, .csv: false
    }
  }

  /// True where what is written tells of hidden tests, and so is not for students.
  package var tellsHiddenTests: Bool { self == .json || self == .csv }

  /// How names of files in this format end.
  package var suffix: String {
    switch self {
    case .text: "txt"
    case .junit: "xml"
    case .tap: "tap"
    case .csv: "csv"
    case .json, .gradescope, .exercism, .classroom, .prairielearn: "json"
    }
  }

  /// The text of one submission's grade; ends with a newline.
  ///
  /// - Parameters:
  ///   - assignment: the name of the checks.
  ///   - codes: the text of each visible test, by its number.
  package func text(
    of grade: SubmissionGrade, assignment: String, codes: [Int: String] = [:]
  ) -> String {
    switch self {
    case .text: TextFormat.text(of: grade)
    case .gradescope: GradescopeFormat.text(of: grade)
    case .exercism: ExercismFormat.text(of: grade, codes: codes)
    case .classroom: ClassroomFormat.text(of: grade)
    case .prairielearn: PrairieLearnFormat.text(of: grade)
    case .tap: TAPFormat.text(of: grade)
    case .json, .junit, .csv:
      text(of: AssignmentGrade(assignment: assignment, submissions: [grade]))
    }
  }

  /// The text of all grades; ends with a newline. Formats of one submission give one line a
  /// submission.
  package func text(of grade: AssignmentGrade) -> String {
    switch self {
    case .text: grade.submissions.map(TextFormat.text).joined(separator: "\n")
    case .json: JSONFormat.text(of: grade)
    case .junit: JUnitFormat.text(of: grade)
    case .tap: TAPFormat.text(of: grade)
    case .csv: CSVFormat.text(of: grade)
    case .gradescope, .exercism, .classroom, .prairielearn:
      grade.submissions.map { text(of: $0, assignment: grade.assignment, codes: grade.codes) }
        .joined()
    }
  }

  /// A name to which an ending can be added: of a long one the beginning, and a digest of all.
  private static func fileName(_ name: String) -> String {
    guard name.utf8.count > 200 else { return name }
    return name.cut(toBytes: 160) + "-" + SeedKey.digest(Array(name.utf8)).prefix(16)
  }

  /// The files of all grades, by their paths in a folder: one, or one a submission.
  package func files(of grade: AssignmentGrade) -> [(path: String, text: String)] {
    guard isOfOneSubmission else {
      return [("\(grade.assignment).\(suffix)", text(of: grade))]
    }
    return grade.submissions.map { submission in
      // No part of a student's path leads out of the folder, and none is too long for a system.
      let parts = submission.student.split(separator: "/").map {
        $0 == "." || $0 == ".." ? "_" : GradeFormat.fileName(String($0))
      }
      return (
        "\(parts.joined(separator: "/")).\(rawValue).\(suffix)",
        text(of: submission, assignment: grade.assignment, codes: grade.codes)
      )
    }
  }
}
