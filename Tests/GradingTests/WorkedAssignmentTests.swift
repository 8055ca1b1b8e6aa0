import Foundation
import Syntax
import Testing

@testable import Grading

/// The assignment in examples/grading does what it promises.
@Suite struct WorkedAssignmentTests {
  private static func proof() throws -> ChecksProof {
    ChecksProof(
      try ChecksFile(GradingLab.example("checks.cairn")),
      limits: .init(
        steps: 200_000, bytes: 1 << 28, flops: 10_000_000_000, output: 1 << 16))
  }

  @Test func `the model answer gets full marks, and a stub and broken ones get none`() throws {
    let findings = try WorkedAssignmentTests.proof().findings(
      model: GradingLab.example("model.cairn"), stub: GradingLab.example("stub.cairn"))
    #expect(findings == [])
  }

  /// A wrong submission, and what its tests must come to, in order: passed, wrong, not gradable,
  /// limit hit by their first letter, partly by x.
  private static let wrong: [(file: String, outcomes: String)] = [
    ("built-in", "pppppppw"),
    ("crashes", "nnnnnnnn"),
    ("endless", "pppplplp"),
    ("every-stage", "ppwnpwpn"),
    ("fixed-places", "pppppwpp"),
    ("hard-coded", "ppppppwp"),
    ("keeps-few-points", "ppwnpwpn"),
    ("last-segment-too", "ppppwpwp"),
    ("missing", "ppppnpnp"),
    ("one-checkpoint", "ppxnpwpn"),
    ("unreadable", "nnnnnnnn"),
  ]

  @Test(arguments: wrong.map(\.file))
  func `a plausible wrong submission gets the outcomes that it must get`(file: String) throws {
    let grade = try WorkedAssignmentTests.proof().grade(
      GradingLab.example("submissions/\(file).cairn"))
    let letters: [Outcome: String] = [
      .passed: "p", .wrong: "w", .notGradable: "n", .limitHit: "l", .partly: "x",
    ]
    let found = grade.tests.map { letters[$0.outcome] ?? "?" }.joined()
    #expect(found == WorkedAssignmentTests.wrong.first { $0.file == file }?.outcomes)
    #expect(grade.points < grade.of)
  }

  @Test func `each submission there has its outcome here`() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: GradingLab.root + "/examples/grading/submissions")
    #expect(files.sorted() == WorkedAssignmentTests.wrong.map { $0.file + ".cairn" }.sorted())
  }
}
