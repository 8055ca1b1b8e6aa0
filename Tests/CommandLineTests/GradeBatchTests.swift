import Foundation
import Testing

/// `cairn grade` over many submissions, as a person runs it.
@Suite struct GradeBatchTests {
  private static let checks = """
    test "doubles" (points: 3) { expect submission.double(4) == 8 }
    test "for nothing" (points: 0) { expect submission.double(1) == 2 }
    test "a secret" (points: 5, hidden: true) { expect submission.double(21) == 42 }
    """
  private static let right = "fn double(x) { 2 * x }\n"
  /// Passes what gives points and is seen.
  private static let hardCoded = "fn double(x) { 8 }\n"
  /// Right, and so slow in the last test that something can be done to it meanwhile.
  private static let slow = """
    fn double(x) {
      let turns = 0
      while x == 21 and turns < 3000000 { turns += 1 }
      2 * x
    }

    """

  /// A folder with checks, and `all` with these files.
  private func with<Result>(
    _ files: [String: String], checks: String = Self.checks,
    _ body: (Scratch) throws -> Result
  ) throws -> Result {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", checks)
      for (name, text) in files {
        let path = "all/" + name
        try FileManager.default.createDirectory(
          atPath: scratch.path + "/" + (path as NSString).deletingLastPathComponent,
          withIntermediateDirectories: true)
        _ = try scratch.file(path, text)
      }
      return try body(scratch)
    }
  }

  private func grade(_ words: String, in scratch: Scratch) throws -> Program.Result {
    try Program.shell("cairn grade checks.cairn \(words)", directory: scratch.path)
  }

  private struct Report: Decodable {
    struct Submission: Decodable {
      struct Fault: Decodable { let message: String }
      let student: String
      let points: Double
      let fault: Fault?
      let steps: Int?
    }
    let shelter: String?
    let leftOut: [String]
    let submissions: [Submission]

    enum CodingKeys: String, CodingKey {
      case shelter, submissions
      case leftOut = "left_out"
    }

    /// Points by student; the end of the reason in place of them where one could not be graded.
    var results: [String: String] {
      Dictionary(
        uniqueKeysWithValues: submissions.map { ($0.student, $0.fault?.message ?? "\($0.points)") })
    }
  }

  private func report(_ result: Program.Result) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  // MARK: What is handed in

  @Test func `nothing in a folder is passed over in silence`() throws {
    try with([
      "ada.cairn": Self.right, "bob/submission.cairn": Self.right, "bob/notes.txt": "",
      "cyd/only.cairn": Self.hardCoded, "dan/a.cairn": "", "dan/b.cairn": "", "eve/x.txt": "",
      "readme.md": "", ".hidden": "",
    ]) { scratch in
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path + "/all/fay", withDestinationPath: scratch.path + "/all/bob")
      mkfifo(scratch.path + "/all/gil.cairn", 0o600)
      let result = try grade("all --format json", in: scratch)
      let none = "there is no file to grade: "
      let report = try report(result)
      #expect(
        report.results == [
          "ada": "8.0", "bob": "8.0", "cyd": "3.0",
          "dan": none + "its folder has several '.cairn' files, none of them 'submission.cairn': "
            + "a.cairn, b.cairn",
          "eve": none + "its folder has no '.cairn' file",
          "fay": none + "'fay' is a link, which is not followed",
          "gil": none + "'gil.cairn' is neither a file nor a folder",
        ])
      #expect(
        report.leftOut == [
          ".hidden", "bob/notes.txt", "dan/a.cairn", "dan/b.cairn", "eve/x.txt", "readme.md",
        ])
      #expect(result.status == 2)
    }
  }

  @Test func `a zip archive is graded where it lies`() throws {
    try with([:]) { scratch in
      let bytes = StoredZip.bytes(
        [
          ("export/ada.cairn", Self.right), ("export/bob/x.cairn", Self.hardCoded),
          ("export/cyd.cairn", "1"), ("export/cyd.cairn", "2"),
          ("export/dan.cairn", "/etc/passwd"), ("../out.cairn", "1"), ("/root.cairn", "1"),
          ("__MACOSX/export/._ada.cairn", ""), ("export/list.csv", ""),
          ("export/bob/" + String(repeating: "d/", count: 30_000) + "x.cairn", "1"),
        ], links: ["export/dan.cairn"])
      try Data(bytes).write(to: URL(fileURLWithPath: scratch.path + "/all.zip"))
      let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
      let report = try report(grade("all.zip --format json", in: scratch))
      let none = "there is no file to grade: "
      #expect(
        report.results == [
          "ada": "8.0", "bob": "3.0", "cyd": none + "'cyd.cairn' is in the archive several times",
          "dan": none + "'dan.cairn' is a link, which is not followed",
        ])
      #expect(
        report.leftOut.sorted() == [
          "../out.cairn (a name that leads out of its folder, or is none)",
          "/root.cairn (a name that leads out of its folder, or is none)", "__MACOSX/",
          "export/bob/d/", "export/list.csv",
        ])
      let after = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
      #expect(after == before)
    }
  }

  @Test func `an archive that is cut short is no batch`() throws {
    try with([:]) { scratch in
      let bytes = StoredZip.bytes([("ada.cairn", Self.right)]).dropLast(30)
      try Data(bytes).write(to: URL(fileURLWithPath: scratch.path + "/all.zip"))
      let result = try grade("all.zip", in: scratch)
      #expect(result.status == 1)
      #expect(result.errors.contains("expected a zip archive that is whole"))
    }
  }

  // MARK: What is kept

  /// Gives each kept grade so many steps, which shows where a grade comes from.
  private func mark(_ scratch: Scratch) throws {
    let result = try Program.shell(
      "sed -i 's/\"steps\":[0-9]*/\"steps\":77777/' state/*.json", directory: scratch.path)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func `what is known is not graded again, unless something that it depends on changed`()
    throws
  {
    try with(["ada.cairn": Self.right]) { scratch in
      _ = try scratch.file("lib.cairn", "let one = 1")
      let known = "all --format json --state state"
      _ = try grade(known, in: scratch)
      try mark(scratch)
      #expect(try report(grade(known, in: scratch)).submissions[0].steps == 77777)
      for other in ["--fresh", "--trusted", "--import lib.cairn"] {
        // What is graded anew is kept anew.
        try mark(scratch)
        let report = try report(grade("\(known) \(other)", in: scratch))
        #expect(report.submissions[0].steps != 77777, "\(other)")
        #expect(report.submissions[0].points == 8)
      }
      try mark(scratch)
      _ = try scratch.file("all/ada.cairn", Self.right + "\n")
      #expect(try report(grade(known, in: scratch)).submissions[0].steps != 77777)
    }
  }

  @Test func `grades of a folder are kept where the state of programs is, for their owner alone`()
    throws
  {
    try with(["ada.cairn": Self.right]) { scratch in
      let home = ["XDG_STATE_HOME": scratch.path + "/home"]
      let folder = scratch.path + "/home/cairn/grades"
      for (words, kept) in [("all/ada.cairn", 0), ("all", 1)] {
        _ = try Program.shell(
          "cairn grade checks.cairn \(words)", environment: home, directory: scratch.path)
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
        #expect((files ?? []).count == kept, "\(words)")
      }
      let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions]
      #expect(mode as? Int == 0o700)
    }
  }

  @Test func `a folder that others may enter is no place for grades`() throws {
    try with(["ada.cairn": Self.right]) { scratch in
      let result = try Program.shell(
        "mkdir -m 755 open && cairn grade checks.cairn all --state open", directory: scratch.path)
      #expect(result.status == 74)
      #expect(result.output == "")
      #expect(result.errors.contains("open has mode 755"))
    }
  }

  // MARK: What may be imported

  @Test func `submissions import what is listed, by its name, and nothing else`() throws {
    let mine = "import \"lib.cairn\"\nfn double(x) { twice(x) }\n"
    try with(["ada.cairn": mine]) { scratch in
      try FileManager.default.createDirectory(
        atPath: scratch.path + "/given", withIntermediateDirectories: true)
      _ = try scratch.file("given/lib.cairn", "fn twice(x) { 2 * x }\n")
      _ = try scratch.file("model.cairn", mine)
      let listed = "--import given/lib.cairn"
      #expect(try grade("all/ada.cairn", in: scratch).status == 2)
      #expect(try grade("all/ada.cairn \(listed)", in: scratch).status == 0)
      #expect(try grade("--explain all/ada.cairn doubles \(listed)", in: scratch).status == 0)
      let proof = try Program.shell(
        "cairn grade check checks.cairn \(listed)", directory: scratch.path)
      #expect(proof.output == "tests: 3, points: 8.0, findings: 0\n")
    }
  }

  @Test func `the command that replays a test names what is imported`() throws {
    let mine = "import \"lib.cairn\"\nfn double(x) { twice(x) }\n"
    try with(["ada.cairn": mine]) { scratch in
      _ = try scratch.file("lib.cairn", "fn twice(x) { 3 * x }\n")
      let result = try grade("all/ada.cairn --import lib.cairn", in: scratch)
      let line = try #require(result.output.firstMatch(of: /replay: (cairn grade .*)/)?.1)
      let replay = try Program.shell("cd all; cp ../*.cairn .; \(line)", directory: scratch.path)
      #expect(replay.output.hasPrefix("doubles: wrong"), "\(line): \(replay.errors)")
    }
  }

  // MARK: How it goes

  @Test func `a line on a terminal tells how many are graded, and who is running`() throws {
    try with(["ada.cairn": Self.right, "slow.cairn": Self.slow]) { scratch in
      let terminal = try PseudoTerminal([
        "grade", scratch.path + "/checks.cairn", scratch.path + "/all", "--jobs", "2",
      ])
      _ = try terminal.await("graded 1 of 2")
      _ = try terminal.await(" s   slow")
      #expect(try terminal.finish(seconds: 200) == 0)
    }
  }

  @Test func `interrupted, it finishes what runs, writes what is known, and ends with 130`() throws
  {
    let files = Dictionary(uniqueKeysWithValues: (1...4).map { ("s\($0).cairn", Self.slow) })
    try with(files) { scratch in
      let result = try Program.shell(
        """
        cairn grade checks.cairn all --jobs 1 --format csv --state state >out &
        until ls state/*.json >ls 2>&1; do sleep 0.01; done
        kill -INT $!; wait $!
        echo $?
        """, directory: scratch.path)
      #expect(result.output == "130\n", "\(result.errors)")
      let rows = try scratch.text("out").split(separator: "\r\n").dropFirst()
      #expect((1...3).contains(rows.count))
      #expect(rows.allSatisfy { $0.hasSuffix(",8,8,graded,3,0,5") }, "\(rows)")
      #expect(result.errors.contains("interrupted: \(rows.count) of 4 submissions were graded"))
    }
  }

  @Test func `Gradescope's file has what was known when the grader is killed`() throws {
    try with(["slow.cairn": Self.slow]) { scratch in
      let result = try Program.shell(
        """
        cairn grade checks.cairn all/slow.cairn --format gradescope -o results.json &
        until grep -q '"score":3' results.json 2>/dev/null; do sleep 0.01; done
        kill -KILL $!; wait $!
        """, directory: scratch.path)
      #expect(result.status == 137)
      let text = try scratch.text("results.json")
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(json["score"] as? Double == 3)
      #expect((json["output"] as? String)?.hasPrefix("Grading was cut off") == true)
      let tests = try #require(json["tests"] as? [[String: Any]])
      #expect(tests.map { $0["score"] as? Double } == [3, 0, 0])
    }
  }

  // MARK: Where it is written

  @Test(arguments: [
    ("results.json", "--format json", ["results.json"]),
    ("deep/er/results.xml", "--format junit", ["deep/er/results.xml"]),
    ("grades", "--format json", ["grades/checks.json"]),
    ("grades.d/", "--format json", ["grades.d/checks.json"]),
    (
      "grades", "--format csv --format gradescope",
      ["grades/ada.gradescope.json", "grades/checks.csv"]
    ),
  ])
  func `what is written stands where it was asked for`(
    path: String, formats: String, files: [String]
  ) throws {
    try with(["ada.cairn": Self.right]) { scratch in
      let result = try grade("all/ada.cairn \(formats) -o \(path)", in: scratch)
      #expect(result.status == 0, "\(result.errors)")
      let found = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
        .filter { !["all", "all/ada.cairn", "checks.cairn"].contains($0) }
        .filter { path in !path.hasSuffix("grades") && path.contains(".") }
        .filter { $0 != "grades.d" }
      #expect(found.sorted() == files)
    }
  }

  @Test func `where nothing can be written, nothing is graded, and the status is 74`() throws {
    try with(["ada.cairn": Self.right]) { scratch in
      let result = try grade("all -o checks.cairn/x.json --format json --state state", in: scratch)
      #expect(result.status == 74)
      #expect(result.errors.contains("checks.cairn cannot be written"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path + "/state"))
    }
  }

  @Test func `a long name keeps nobody's grades from being written`() throws {
    let name = String(repeating: "long", count: 60)
    try with(["\(name).cairn": Self.right, "ada.cairn": Self.right]) { scratch in
      #expect(try grade("all -o out/ --format gradescope --format csv", in: scratch).status == 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/out")
      #expect(files.count == 3, "\(files)")
      #expect(files.contains("ada.gradescope.json"))
    }
  }

  @Test(arguments: [
    "--json", "--budget 1KiB", "--fuse off", "--time", "--limit-steps 9", "--seed 1",
  ])
  func `options that grading would not heed are refused`(option: String) throws {
    try with(["ada.cairn": Self.right]) { scratch in
      let result = try grade("all/ada.cairn \(option)", in: scratch)
      #expect(result.status == 64)
      #expect(result.errors.contains("has no meaning here"))
    }
  }

  @Test func `a pipe is no submission, and is not waited for`() throws {
    try with([:]) { scratch in
      let result = try Program.shell(
        "mkfifo pipe.cairn; timeout 20 cairn grade checks.cairn pipe.cairn",
        directory: scratch.path)
      #expect(result.status == 1)
      #expect(result.errors.contains("found none"))
    }
  }

  @Test func `one file for what has a file each is a slip`() throws {
    try with(["ada.cairn": Self.right, "bob.cairn": Self.right]) { scratch in
      let result = try grade("all -o all.json --format gradescope", in: scratch)
      #expect(result.status == 64)
      #expect(result.errors.contains("names one file"))
    }
  }

  // MARK: What is said

  @Test(arguments: [
    ("fn double(x) { 2 * x }", 0), ("fn double(x) { if x == 1 { 3 } else { 2 * x } }", 1),
    ("fn double(x) { 8 }", 1), ("fn double(", 2),
  ])
  func `the status is 0 only where every test passed, those of no points too`(
    text: String, status: Int32
  ) throws {
    try with(["ada.cairn": text]) { scratch in
      for words in ["all/ada.cairn", "all"] {
        let result = try grade(words, in: scratch)
        #expect(result.status == status, "\(words)")
      }
    }
  }

  @Test func `the report says what shuts submissions in, what is left out, and who is alike`()
    throws
  {
    let long = (1...12).map { "let a\($0) = \($0) * \($0) + 1\n" }.joined() + Self.right
    try with([
      "ada.cairn": long, "bob.cairn": long.replacing("let a", with: "let other"), "x.txt": "",
    ]) { scratch in
      let text = try grade("all", in: scratch).output
      #expect(text.contains("submissions were shut in by: seccomp filter, no new privileges"))
      #expect(text.contains("left out, since it is no submission\n  x.txt\n"))
      #expect(text.contains("ada and bob: the same"))
      let report = try report(grade("all --format json", in: scratch))
      #expect(report.shelter?.hasPrefix("seccomp filter") == true)
      #expect(report.leftOut == ["x.txt"])
      let csv = try grade("all --format csv", in: scratch)
      #expect(csv.errors.contains("left out, since it is no submission: x.txt"))
    }
  }

  @Test func `a submission that fails hidden tests alone is not green`() throws {
    try with(["ada.cairn": "fn double(x) { if x > 4 { 1 } else { 2 * x } }"]) { scratch in
      let tap = try grade("all/ada.cairn --format tap", in: scratch)
      #expect(tap.output.contains("\nnot ok 3 - hidden tests: 0 of 1 passed\n"))
      let junit = try grade("all/ada.cairn --format junit", in: scratch)
      #expect(junit.output.contains("<failure message=\"hidden tests: 0 of 1 passed\"/>"))
      let exercism = try grade("all/ada.cairn --format exercism", in: scratch)
      #expect(exercism.output.contains("\"test_code\":\"test \\\"doubles\\\" (points: 3)"))
      for text in [tap, junit, exercism].map(\.output) { #expect(!text.contains("secret")) }
    }
  }
}
