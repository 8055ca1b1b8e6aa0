import Foundation
import Syntax

@testable import Grading

/// Runs submissions through checks, in this process.
enum GradingLab {
  /// The folder of the project.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// A file of the worked assignment.
  static func example(_ name: String) throws -> SourceText {
    SourceText(
      name: name,
      text: try String(contentsOfFile: "\(root)/examples/grading/\(name)", encoding: .utf8))
  }

  static func checks(_ text: String) throws -> ChecksFile {
    try ChecksFile(SourceText(name: "checks.cairn", text: text))
  }

  /// The grade of a submission.
  static func grade(
    _ submission: String, by checks: String, limits: Int = 1_000_000, flops: Int = 1_000_000_000
  ) throws -> SubmissionGrade {
    ChecksProof(
      try self.checks(checks),
      limits: .init(steps: limits, bytes: 1 << 26, flops: flops, output: 1 << 16)
    ).grade(SourceText(name: "mine.cairn", text: submission), student: "ada")
  }

  /// How each test ended.
  static func outcomes(_ submission: String, by checks: String) throws -> [Outcome] {
    try grade(submission, by: checks).tests.map(\.outcome)
  }
}
