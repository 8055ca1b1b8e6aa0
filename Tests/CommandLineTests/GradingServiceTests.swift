import Foundation
import Testing

/// The scripts of `examples/grading` that services run, as far as a machine without these can.
@Suite struct GradingServiceTests {
  static let examples =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/examples/grading"

  /// Runs the autograder in a folder like Gradescope's, and gives the file it leaves.
  func gradescope(
    checks: String?, _ prepare: (_ submission: String, Scratch) throws -> Void
  ) throws -> [String: Any] {
    try Scratch.with { scratch in
      let manager = FileManager.default
      for folder in ["source", "submission"] {
        try manager.createDirectory(
          atPath: scratch.path + "/" + folder, withIntermediateDirectories: true)
      }
      if let checks { _ = try scratch.file("source/checks.cairn", checks) }
      try prepare(scratch.path + "/submission", scratch)
      let result = try Program.shell(
        "\"\(Self.examples)/gradescope/run_autograder\"",
        environment: ["AUTOGRADER": scratch.path], directory: scratch.path)
      #expect(result.status == 0)
      let text = try scratch.text("results/results.json")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
  }

  @Test func `An autograder without a submission, or with two, gives no points and says why`()
    throws
  {
    let none = try gradescope(checks: nil) { _, _ in }
    #expect(none["score"] as? Double == 0)
    #expect(none["output"] as? String == "Hand in one .cairn file: there are 0.")
    let two = try gradescope(checks: nil) { _, scratch in
      _ = try scratch.file("submission/a.cairn", "1")
      _ = try scratch.file("submission/b.cairn", "2")
    }
    #expect(two["output"] as? String == "Hand in one .cairn file: there are 2.")
  }

  @Test func `A symbolic link to the checks is no submission`() throws {
    let json = try gradescope(checks: "test \"t\" { expect 1 == 1 }") { submission, scratch in
      try FileManager.default.createSymbolicLink(
        atPath: submission + "/a.cairn",
        withDestinationPath: scratch.path + "/source/checks.cairn")
    }
    #expect(json["output"] as? String == "Hand in one .cairn file: there are 0.")
  }

  @Test func `An autograder whose checks are missing gives no points`() throws {
    let json = try gradescope(checks: nil) { _, scratch in
      _ = try scratch.file("submission/a.cairn", "let f = 1")
    }
    #expect(json["score"] as? Double == 0)
    #expect((json["output"] as? String)?.contains("Tell your instructor") == true)
  }

  @Test func `The step of the workflow always has a result that the reporter can read`() throws {
    try Scratch.with { scratch in
      let submission = try scratch.file("answer.cairn", "let f = 1")
      let result = try Program.shell(
        "\"\(Self.examples)/classroom/grade.sh\" missing.cairn \"\(submission)\"",
        environment: ["GITHUB_OUTPUT": scratch.path + "/output"], directory: scratch.path)
      #expect(result.status == 0)
      let line = try scratch.text("output")
      #expect(line.hasPrefix("result="))
      let encoded = line.dropFirst("result=".count).trimmingCharacters(in: .whitespacesAndNewlines)
      let data = try #require(Data(base64Encoded: encoded))
      let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(json["status"] as? String == "error")
      let tests = try #require(json["tests"] as? [[String: Any]])
      #expect(tests.map { $0["score"] as? Double } == [0])
      #expect(tests.first?["line_no"] as? Int == 0)
    }
  }

  @Test func `The workflow hands the step's result to the reporter under the step's name`() throws {
    let text = try String(
      contentsOfFile: Self.examples + "/classroom/classroom.yml", encoding: .utf8)
    let step = try #require(text.firstMatch(of: /id: (\w+)\n +run: checks\/grade\.sh/)?.1)
    #expect(text.contains("\(step.uppercased())_RESULTS: ${{ steps.\(step).outputs.result }}"))
    #expect(text.contains("runners: \(step)\n"))
    #expect(!text.contains("\t"))
  }

  @Test(arguments: [
    "gradescope/setup.sh", "gradescope/run_autograder", "gradescope/pack.sh", "classroom/grade.sh",
  ])
  func `Scripts can be run, and are bash`(_ script: String) throws {
    let path = Self.examples + "/" + script
    #expect(FileManager.default.isExecutableFile(atPath: path))
    let result = try Program.shell("bash -n \"\(path)\"", directory: "/")
    #expect(result.status == 0)
  }

  /// What `pack.sh` needs is not everywhere where Cairn is tested.
  static let hasPython =
    (try? Program.shell("command -v python3", directory: "/"))?.status == 0

  @Test(.enabled(if: hasPython)) func `The zip has its files at the root`() throws {
    try Scratch.with { scratch in
      let checks = try scratch.file("mine.cairn", "test \"t\" { expect 1 == 1 }")
      // Any file does for the program: what is looked at is the zip.
      let result = try Program.shell(
        "\"\(Self.examples)/gradescope/pack.sh\" /bin/true \"\(checks)\" out.zip && "
          + "python3 -m zipfile -l out.zip | tail -n +2 | cut -d' ' -f1 | sort",
        directory: scratch.path)
      #expect(result.status == 0)
      let names = result.output.split(separator: "\n").map(String.init)
      #expect(names == ["cairn", "checks.cairn", "run_autograder", "setup.sh"])
    }
  }
}
