import Syntax
import Testing

@testable import Grading

/// What checks can ask, and what a submission cannot do to them.
@Suite struct ChecksLanguageTests {
  /// What is handed in, the checks, and how their tests must end.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let submission: String
    let checks: String
    let outcomes: [Outcome]

    init(_ name: String, _ submission: String, _ checks: String, _ outcomes: Outcome...) {
      (testDescription, self.submission, self.checks) = (name, submission, checks)
      self.outcomes = outcomes
    }
  }

  private static let cases: [Case] = [
    Case("right", "fn f(x) { x + 1 }", "test \"a\" { expect submission.f(1) == 2 }", .passed),
    Case("wrong", "fn f(x) { x }", "test \"a\" { expect submission.f(1) == 2 }", .wrong),
    Case("missing", "let g = 1", "test \"a\" { expect submission.f(1) == 2 }", .notGradable),
    Case(
      "its names are its own", "fn sqrt(x) { 99 }\nfn print(x) { 1 }\nfn f() { sqrt(4) }",
      "test \"a\" { expect sqrt(4) == 2\nexpect submission.f() == 99 }", .passed),
    Case(
      "the checks' names are theirs", "fn f() { secret }",
      "let secret = 7\ntest \"a\" { expect submission.f() == secret }", .notGradable),
    Case(
      "its expectations count for nothing", "fn f() { expect 1 == 1 }",
      "test \"a\" { submission.f() }", .notGradable),
    Case(
      "its tests are nobody's", "fn f() { test \"a\" { expect 1 == 1 }\n2 }",
      "test \"a\" { expect submission.f() == 3 }\ntest \"b\" (after: \"a\") {\n"
        + "  expect submission.f() == 2\n}", .wrong, .notGradable),
    Case(
      "its tests open no test of the checks", "test \"a\" { expect 1 == 1 }\nfn f() { 3 }",
      "test \"a\" { expect submission.f() == 2 }\n"
        + "test \"b\" (after: \"a\") { expect submission.f() == 3 }", .wrong, .notGradable),
    Case(
      "nothing is near to a number", "fn f() { zeros(0) }",
      "test \"a\" { expect submission.f() ~= 1.0 within 0.1 }", .wrong),
    Case(
      "lists whose comparison would never end",
      "let s = [1]\nlet t = [1]\nfor i in 0..<60 {\n  s = [s, s]\n  t = [t, t]\n}\n"
        + "fn f() { s == t }",
      "test \"a\" { expect submission.f() }\ntest \"b\" { expect submission.s == submission.t }",
      .limitHit, .limitHit),
    Case(
      "a failing test of its own", "test \"mine\" { expect 1 == 2 }\nlet a = 1",
      "test \"a\" { expect submission.a == 1 }", .passed),
    Case(
      "an error in it", "fn f() { [][0] }", "test \"a\" { expect submission.f() == 2 }",
      .notGradable),
    Case(
      "a value of no use", "let a = \"x\"", "test \"a\" { expect submission.a + 1 == 2 }",
      .notGradable),
    Case(
      "an error of the checks", "let a = 1",
      "test \"a\" { expect [][0] == submission.a }\ntest \"b\" { expect submission.a == 1 }",
      .faultOfChecks, .passed),
    Case(
      "checks that ask nothing", "let a = 1", "test \"a\" { expect 1 == 1 }", .faultOfChecks),
    Case(
      "checks that end before their tests", "let a = 1",
      "let b = [][0]\ntest \"a\" { expect submission.a == 1 }", .faultOfChecks),
    Case(
      "no end", "fn f() { while true { let x = 1 } }",
      "test \"a\" { expect submission.f() == 1 }", .limitHit),
    Case(
      "no end in the checks", "let a = 1",
      "test \"a\" { while true { let x = 1 }\nexpect submission.a == 1 }", .faultOfChecks),
    Case(
      "recursion", "fn f(x) { f(x) + 1 }",
      "test \"a\" { expect submission.f(1) == 1 }", .limitHit),
    Case(
      "bytes", "fn f() { zeros(100000000) }", "test \"a\" { expect submission.f()[0] == 0 }",
      .limitHit),
    Case(
      "no number", "let a = 0.0 / 0.0",
      "test \"a\" { expect submission.a ~= 1 within 10 }\n"
        + "test \"b\" (points: curve(m, full: 1, none: 9)) { let m = submission.a }\n"
        + "test \"c\" (points: curve(m, full: 9, none: 1)) { let m = submission.a }",
      .wrong, .wrong, .wrong),
    Case(
      "curve", "let a = 2",
      "test \"a\" (points: curve(m, full: 1, none: 3)) { let m = submission.a }\n"
        + "test \"b\" (points: curve(m, full: 2, none: 9)) { let m = submission.a }\n"
        + "test \"c\" (points: curve(m, full: 1, none: 2)) { let m = submission.a }",
      .partly, .passed, .wrong),
    Case(
      "after", "let a = 1",
      "test \"a\" { expect submission.a == 2 }\ntest \"b\" (after: \"a\") { expect 1 == 1 }",
      .wrong, .notGradable),
    Case(
      "what a test changes is taken back",
      "let seen = [0]\nfn f() { seen = seen + [1]\nseen.length }",
      "test \"a\" { expect submission.f() == 2 }\ntest \"b\" { expect submission.f() == 2 }",
      .passed, .passed),
    Case(
      "its seed", "fn f() { seed 1\n1 }", "test \"a\" { expect submission.f() == 1 }",
      .notGradable),
    Case(
      "its budget", "fn f() { budget none\nzeros(1000) }",
      "test \"a\" { budget 1 KiB { expect submission.f()[0] == 0 } }", .notGradable),
    Case(
      "the budget of the checks", "fn f() { zeros(1000) }",
      "test \"a\" { budget 1 KiB { expect submission.f()[0] == 0 } }", .limitHit),
    Case(
      "a fixed answer for random draws", "fn f(x) { 0.5 }",
      "test \"a\" (seeds: 3) { let x = uniform(1)[0]\nexpect submission.f(x) == x }", .wrong),
    Case(
      "words", "# optimal\nlet a = \"every \\(sqrt(4))\"",
      "test \"a\" { expect \"sqrt\" in submission_words }\n"
        + "test \"b\" { expect not (\"optimal\" in submission_words) }\n"
        + "test \"c\" { expect not (\"sqrt\" in submission_words) }", .passed, .passed, .wrong),
    Case(
      "output", "print(\"hi\")", "test \"a\" { expect submission_printed == \"hi\\n\" }", .passed),
    Case(
      "a test in a loop", "let a = 1",
      "test \"a\" { expect submission.a == 1 }\nfor i in 0..<2 { test \"b\" { expect 1 == 1 } }",
      .faultOfChecks),
  ]

  @Test(arguments: cases) func `tests end as they must`(given: Case) throws {
    let grade = try GradingLab.grade(given.submission, by: given.checks)
    #expect(grade.fault == nil)
    #expect(grade.tests.map(\.outcome) == given.outcomes, "\(grade.tests)")
    for test in grade.tests where test.outcome != .passed && test.outcome != .partly {
      #expect(test.points == 0)
      #expect(test.message != nil)
    }
    #expect(try GradingLab.grade(given.submission, by: given.checks) == grade)
  }

  @Test(arguments: [
    "", "# nothing", "let a = ((", "[][0]", "while true { let x = 1 }", "import \"other.cairn\"",
    "load_csv(\"/etc/passwd\")", "let x = zeros(100000000)", "for i in 0..<1000000 { print(i) }",
  ])
  func `a submission that does not end well gets nothing`(submission: String) throws {
    let grade = try GradingLab.grade(submission, by: "test \"a\" { expect 1 == 1 }")
    #expect(grade.fault != nil)
    #expect(grade.points == 0)
    #expect(grade.tests.map(\.outcome) == [grade.fault?.outcome])
  }

  @Test func `an error names its place in the submission`() throws {
    let grade = try GradingLab.grade(
      "let a = 1\nfn f() {\n  [][0]\n}", by: "test \"a\" { expect submission.f() == 2 }")
    let place = try #require(grade.tests[0].place)
    #expect(place.file == "mine.cairn")
    #expect(place.line == 3)
    #expect(place.source == "  [][0]")
  }

  @Test func `points of a curve are in proportion`() throws {
    let grade = try GradingLab.grade(
      "let a = 2 KiB",
      by: "test \"a\" (points: curve(m, full: 1 KiB, none: 5 KiB, of: 8)) { let m = submission.a }")
    #expect(grade.points == 6)
    #expect(grade.of == 8)
    #expect(grade.tests[0].found == "2 KiB")
  }

  @Test func `the command of a result replays it`() throws {
    let checks = try GradingLab.checks(
      "test \"a b\" (seeds: 3) { let x = uniform(1)[0]\nexpect submission.f(x) == x }")
    let submission = SourceText(name: "mine.cairn", text: "fn f(x) { 0.5 }")
    let grade = ChecksProof(checks).grade(submission)
    let command = try #require(grade.tests[0].replay)
    #expect(command.hasPrefix("cairn grade checks.cairn --explain mine.cairn 'a b' --seed "))
    let seed = try #require(UInt64(command.split(separator: " ").last ?? ""))
    let explanation = try TestExplanation(checks, submission, test: "a b", seed: seed)
    #expect(explanation.text.contains(try #require(grade.tests[0].message)))
    #expect(!explanation.isPassed)
  }

  @Test func `a hidden test gives no place in the checks, no command, and is not explained`() throws
  {
    let checks = try GradingLab.checks(
      "test \"a\" { expect submission.a == 1 }\n"
        + "test \"b\" (hidden: true) { expect submission.a == 2 }")
    let submission = SourceText(name: "mine.cairn", text: "let a = 1")
    let hidden = ChecksProof(checks).grade(submission).tests[1]
    #expect(hidden.outcome == .wrong)
    #expect(hidden.place == nil)
    #expect(hidden.replay == nil)
    #expect(throws: Diagnostic.self) {
      try TestExplanation(checks, submission, test: "b", seed: nil)
    }
  }

  @Test func `what functions print while they are tested is not kept`() throws {
    let grade = try GradingLab.grade(
      "print(\"mine\")\nfn f(x) { print(\"asked\", x)\nx }",
      by: "test \"a\" { expect submission.f(41) == 41 }")
    #expect(grade.output == "mine\n")
  }

  @Test func `a test that the model answer fails is a fault of the checks`() throws {
    let checks = try GradingLab.checks("test \"a\" { expect submission.a == 2 }")
    let refuted = ChecksProof(checks).refuted(by: SourceText(name: "model", text: "let a = 1"))
    #expect(refuted == [1])
    let run = SubmissionRun(SourceText(name: "mine.cairn", text: "let a = 2"))
    #expect(run.load() == nil)
    var grades: [TestGrade] = []
    run.grade(checks, seeds: [[1]], refuted: refuted) { grades.append($0) }
    #expect(grades.map(\.outcome) == [.faultOfChecks])
  }

  @Test(arguments: [
    ("let a = 1", "no-tests"),
    ("import \"a.cairn\"\ntest \"a\" { expect 1 == 1 }", "import-in-checks"),
    ("test \"a\" { expect 1 == 1 }\ntest \"a\" { expect 1 == 1 }", "same-test-name"),
    ("test \"a\" (points: 1 + 1) { expect 1 == 1 }", "not-plain"),
    ("test \"a\" (hidden: 1 == 1) { expect 1 == 1 }", "not-plain"),
    ("test \"a\" (after: \"b\") { expect 1 == 1 }", "no-earlier-test"),
    (
      "test \"a\" (hidden: true) { expect 1 == 1 }\ntest \"b\" (after: \"a\") { expect 1 == 1 }",
      "no-earlier-test"
    ),
  ])
  func `checks that no grade can be made of are refused`(text: String, code: String) throws {
    let error = #expect(throws: Diagnostic.self) { try GradingLab.checks(text) }
    #expect(error?.code == code)
  }
}
