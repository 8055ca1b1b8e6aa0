import Foundation
import Testing

/// `cairn grade check` and `--explain`, as a person runs them.
@Suite struct GradeCheckTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/examples/grading/"

  @Test func `the checks of the worked assignment are proved`() throws {
    let result = try Program.run(["grade", "check", Self.folder + "checks.cairn"])
    #expect(result.output == "tests: 8, points: 18.0, findings: 0\n")
    #expect(result.status == 0)
  }

  @Test func `a model answer that fails is a finding, with the line of the test`() throws {
    let result = try Program.run([
      "grade", "check", Self.folder + "checks.cairn", "--model",
      Self.folder + "submissions/last-segment-too.cairn",
    ])
    #expect(result.output.contains("checks.cairn:41: the model answer does not pass"))
    #expect(result.status == 1)
  }

  @Test func `a visible test is explained`() throws {
    let result = try Program.run([
      "grade", Self.folder + "checks.cairn", "--explain",
      Self.folder + "submissions/last-segment-too.cairn", "stages replayed of 25", "--seed", "7",
    ])
    #expect(
      result.output.hasPrefix(
        "stages replayed of 25: wrong, 0.0 of 2.0 points\n"
          + "  expected submission.replays(25, 5) == 20, but 25 == 20 is false\n"))
    #expect(result.status == 1)
  }
}
