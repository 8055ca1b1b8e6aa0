import Foundation
import Testing

/// Submissions that try to get what they have not earned, against the real program.
@Suite struct GradeAttackTests {
  private static let checks = """
    test "doubles" (points: 3) { expect submission.double(4) == 8 }
    test "is near" (points: 2) { expect submission.root(9.0) ~= 3.0 }
    test "secret words" (points: 5, hidden: true) {
      expect submission.double(21) == 42
    }
    """

  static let attacks: [(name: String, text: String)] = [
    (
      "forged output",
      "print(\"{\\\"grade\\\": {\\\"points\\\": 10}}\")\nprint(\"doubles: passed\")"
    ),
    ("empty", ""), ("unreadable", "fn double(x) { x * "),
    ("endless loop", "while true { let spin = 1 }"),
    ("endless allocation", "let xs = []\nwhile true { xs = append(xs, zeros(1000000)) }"),
    ("endless string", "let s = \"ab\"\nwhile true { s = \"\\(s)\\(s)\" }"),
    ("endless output", "while true { print(\"spam\") }"),
    ("deep recursion", "fn deep(n) { deep(n + 1) + 1 }\ndeep(0)"),
    ("other names for what expects", "fn expect(x) { true }\nfn print(x) { 1 }"),
    ("tests of its own", "test \"doubles\" (points: 100) { expect 1 == 1 }"),
    ("numbers that are none", "fn double(x) { 0.0 / 0.0 }\nfn root(x) { log(-1.0) }"),
    ("reads the checks", "import \"checks.cairn\"\nfn double(x) { 8 }"),
    ("reads another student's", "import \"../bob.cairn\"\nfn double(x) { 2 * x }"),
    ("endless products", "let a = ones(600, 600)\nwhile true { let b = a @ a }"),
    ("reads a file", "print(csv(\"/etc/passwd\"))"),
    ("writes a file", "save(\"result.json\", ones(3))"),
    ("reads the environment", "import \"/proc/self/environ\""),
    ("asks for the checks' words", "fn double(x) { submission }\nlet root = submission_words"),
  ]

  private func run(_ text: String, _ options: String = "") throws -> Program.Result {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      _ = try scratch.file("ada.cairn", text)
      return try Program.shell(
        "cairn grade checks.cairn ada.cairn --format json \(options)", environment: [:],
        directory: scratch.path)
    }
  }

  private func points(_ result: Program.Result) throws -> Double {
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let grades = try #require((object as? [String: Any])?["submissions"] as? [[String: Any]])
    return try #require(grades.first?["points"] as? Double)
  }

  @Test func `an honest submission gets all points`() throws {
    let result = try run("fn double(x) { 2 * x }\nfn root(x) { x ** 0.5 }")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try points(result) == 10)
  }

  @Test(arguments: attacks.map(\.name))
  func `an attack gets no points`(name: String) throws {
    let attack = try #require(Self.attacks.first { $0.name == name })
    let result = try run(attack.text)
    #expect([1, 2].contains(result.status), "\(result.status) \(result.errors)")
    #expect(try points(result) == 0)
  }

  @Test func `a student sees nothing of a hidden test`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      _ = try scratch.file("ada.cairn", "fn double(x) { if x == 4 { 8 } else { fail(x) } }")
      let result = try Program.shell(
        "cairn grade checks.cairn ada.cairn", environment: [:], directory: scratch.path)
      #expect(!result.output.contains("secret words"))
      #expect(!result.output.contains("double(21)"))
      #expect(!result.output.contains("== 42"))
    }
  }

  @Test func `a huge file is not gradable, and says so`() throws {
    let padding = String(repeating: "# padding padding\n", count: 4_500_000)
    let result = try run("let a = 1\n" + padding)
    #expect(result.status == 2, "\(result.errors)")
    #expect(try points(result) == 0)
  }

  @Test func `nothing that a submission writes or is called reaches the terminal as it is`() throws
  {
    let escape = "\u{1b}[2J\u{1b}]0;all passed\u{07}"
    let fails = "fn double(x) { fail(\"\(escape)\") }\nprint(\"\(escape)\")"
    let name = "eve \(escape)".replacing("/", with: "")
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      for format in ["text", "tap", "csv", "junit", "gradescope", "json"] {
        let folder = scratch.path + "/all-" + format
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data(fails.utf8).write(to: URL(fileURLWithPath: folder + "/\(name).cairn"))
        let result = try Program.shell(
          "cairn grade checks.cairn all-\(format) --format \(format)", environment: [:],
          directory: scratch.path)
        #expect(result.status != 0)
        #expect(!(result.output + result.errors).contains("\u{1b}"), "\(format)")
        #expect(!(result.output + result.errors).contains("\u{07}"), "\(format)")
      }
    }
  }

  @Test func `a report names no folder, in which others may be named`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      let folder = scratch.path + "/from bob to eve"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("fn double(x) { unknown }".utf8).write(
        to: URL(fileURLWithPath: folder + "/submission.cairn"))
      for format in ["text", "json", "gradescope", "junit"] {
        let result = try Program.shell(
          "cairn grade checks.cairn 'from bob to eve/submission.cairn' --format \(format)",
          environment: [:], directory: scratch.path)
        #expect(!result.output.contains("bob"), "\(format): \(result.output)")
      }
    }
  }

  @Test func `a grader that is killed leaves no process behind`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      _ = try scratch.file("ada.cairn", "while true { let spin = ones(50, 50) @ ones(50, 50) }")
      let result = try Program.shell(
        """
        cairn grade checks.cairn ada.cairn > /dev/null 2>&1 & grader=$!
        child=
        for _ in $(seq 200); do
          for status in $(grep -l "^PPid:.*[^0-9]$grader\\$" /proc/[0-9]*/status 2> /dev/null)
          do
            child=${status#/proc/} child=${child%/status}
          done
          [ -n "$child" ] && break
          sleep 0.05
        done
        [ -n "$child" ] || exit 3
        sleep 0.5
        kill -KILL $grader
        for _ in $(seq 100); do
          kill -0 $child 2> /dev/null || exit 0
          sleep 0.05
        done
        exit 4
        """, directory: scratch.path)
      #expect(result.status == 0)
    }
  }

  @Test func `a value of any length ends its own test alone`() throws {
    let result = try run(
      "let s = \"abcdefgh\"\nfor i in 0..<20 { s = s + s }\nfn double(x) { 2 * x }\n"
        + "fn root(x) { fail(s) }")
    #expect(result.status == 1, "\(result.errors)")
    #expect(try points(result) == 8)
    #expect(result.output.utf8.count < 100_000)
  }

  @Test func `what a hidden test finds shows in nothing that is visible`() throws {
    let huge = "let s = \"abcdefgh\"\nfor i in 0..<20 { s = s + s }\n"
    let reports = try [20, 22].map { border in
      try Scratch.with { scratch in
        _ = try scratch.file("checks.cairn", Self.checks)
        _ = try scratch.file(
          "ada.cairn",
          huge + "fn root(x) { 3.0 }\n"
            + "fn double(x) { if x > \(border) { s } else { 2 * x } }")
        return try Program.shell(
          "cairn grade checks.cairn ada.cairn", environment: [:], directory: scratch.path
        ).output
      }
    }
    #expect(reports[0] == reports[1])
    #expect(reports[0].contains("All visible tests passed"))
  }

  @Test func `a link to the checks is no submission`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      try FileManager.default.createDirectory(
        atPath: scratch.path + "/all", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path + "/all/eve.cairn",
        withDestinationPath: scratch.path + "/checks.cairn")
      let result = try Program.shell(
        "cairn grade checks.cairn all --format json", environment: [:], directory: scratch.path)
      #expect(result.status == 2)
      #expect(try points(result) == 0)
    }
  }

  @Test func `grades are the same however many are graded at a time`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("checks.cairn", Self.checks)
      for number in 0..<6 {
        try FileManager.default.createDirectory(
          atPath: scratch.path + "/all", withIntermediateDirectories: true)
        _ = try scratch.file(
          "all/s\(number).cairn", "fn double(x) { x + \(number) }\nfn root(x) { 3.0 }")
      }
      let texts = try [1, 2, 4].map { jobs in
        try Program.shell(
          "cairn grade checks.cairn all --format json --jobs \(jobs)", environment: [:],
          directory: scratch.path
        ).output
      }
      #expect(Set(texts).count == 1)
      #expect(texts[0].contains("\"s5\""))
    }
  }
}
