import Foundation
import Grading
import Testing

/// By the field rules of docs/formats.md.
@Suite struct JSONFormatTests {
  static let points = JSONRule.Kind.number(0...1e9)
  static let any = JSONRule.Kind.text(longest: nil)
  static let outcomes = JSONRule.Kind.oneOf(Outcome.allCases.map(\.rawValue))
  static let place = JSONRule.Kind.record([
    .must("file", any), .must("line", .whole(1...1e9)), .must("column", .whole(1...1e9)),
    .must("source", any),
  ])

  func one(_ format: GradeFormat, _ grade: SubmissionGrade) throws -> JSON {
    try JSON(format.text(of: grade, assignment: "thirds"))
  }

  @Test func `JSON has the fields that are documented, with every test of every submission`() throws
  {
    let json = try JSON(
      GradeFormat.json.text(
        of: AssignmentGrade(assignment: "thirds", submissions: SampleGrades.all)))
    let test: [JSONRule] = [
      .must("number", .whole(1...1e9)), .must("name", Self.any), .must("hidden", .flag),
      .must("outcome", Self.outcomes), .must("points", Self.points), .must("of", Self.points),
      .must("message", Self.any, orNull: true), .must("place", Self.place, orNull: true),
      .must("hint", Self.any, orNull: true), .must("found", Self.any, orNull: true),
      .must("replay", Self.any, orNull: true),
    ]
    let submission: [JSONRule] = [
      .must("student", Self.any), .must("digest", Self.any), .must("points", Self.points),
      .must("of", Self.points), .must("passed", .flag), .must("open", .flag),
      .must(
        "fault",
        .record([
          .must("outcome", Self.outcomes), .must("message", Self.any),
          .must("place", Self.place, orNull: true),
        ]), orNull: true),
      .must("steps", .whole(0...1e15), orNull: true), .must("output", Self.any),
      .must("tests", .list(test)),
    ]
    let problems = JSONRule.problems(
      json,
      [
        .must("format", .oneOf(["cairn-grade"])), .must("version", .whole(1...1)),
        .must("assignment", Self.any), .must("submissions", .list(submission)),
        .must("shelter", Self.any, orNull: true), .must("left_out", .texts),
      ])
    #expect(problems == [])
    #expect(
      json["submissions"]?.elements.map { $0["tests"]?.elements.count }
        == SampleGrades.all.map(\.tests.count))
  }

  @Test(arguments: SampleGrades.all)
  func `Gradescope's file keeps its field rules`(_ grade: SubmissionGrade) throws {
    let formats = JSONRule.Kind.oneOf(["text", "html", "simple_format", "md", "ansi"])
    let visibility = JSONRule.Kind.oneOf(["hidden", "after_due_date", "after_published", "visible"])
    let rules: [JSONRule] = [
      .may("score", Self.points), .may("execution_time", Self.points), .may("output", Self.any),
      .may("output_format", formats), .may("test_output_format", formats),
      .may("test_name_format", formats), .may("visibility", visibility),
      .may("stdout_visibility", visibility),
      .may(
        "tests",
        .list([
          .may("score", Self.points), .may("max_score", Self.points),
          .may("status", .oneOf(["passed", "failed"])), .may("name", Self.any),
          .may("name_format", formats), .may("number", Self.any), .may("output", Self.any),
          .may("output_format", formats), .may("tags", .texts), .may("visibility", visibility),
        ])),
    ]
    let json = try one(.gradescope, grade)
    #expect(JSONRule.problems(json, rules) == [])
    let tests = try #require(json["tests"]).elements
    // Either the whole or each test must have a score; here both do, and they agree.
    let sum = tests.reduce(0) { $0 + ($1["score"]?.number ?? .nan) }
    #expect(abs(sum - (json["score"]?.number ?? .nan)) < 1e-6)
    #expect(tests.allSatisfy { ($0["score"]?.number ?? 1) <= ($0["max_score"]?.number ?? 0) })
    #expect(json["stdout_visibility"] == .string("hidden"))
    #expect(
      tests.count { $0["visibility"] == .string("hidden") } == grade.tests.count(where: \.isHidden))
  }

  @Test func `A Gradescope file written midway has the points so far and names what waits`() throws
  {
    let tests = SampleGrades.fullVisible.tests
    let known = SampleGrades.grade("bea", [tests[0]])
    let waiting = [SampleGrades.test(3, .notGradable), tests[1]]
    let json = try JSON(GradescopeFormat.text(of: known, waiting: waiting))
    #expect(json["score"] == .number(2))
    #expect(json["output"]?.string?.hasPrefix("Grading was cut off before its end") == true)
    let scores = try #require(json["tests"]).elements.map { $0["score"]?.number }
    #expect(scores == [2, 0, 0])
    #expect(json["tests"]?.elements[1]["output"]?.string?.contains("ended before") == true)
  }

  @Test(arguments: SampleGrades.all)
  func `Exercism's file keeps its field rules`(_ grade: SubmissionGrade) throws {
    let statuses = JSONRule.Kind.oneOf(["pass", "fail", "error"])
    let json = try one(.exercism, grade)
    let problems = JSONRule.problems(
      json,
      [
        .must("version", .whole(3...3)), .must("status", statuses),
        .may("message", .text(longest: 65_535), orNull: true),
        .must(
          "tests",
          .list([
            .must("name", Self.any), .must("status", statuses),
            .may("message", Self.any, orNull: true),
            .may("output", .text(longest: 500), orNull: true), .may("test_code", Self.any),
            .may("task_id", .whole(1...1e9)),
          ])),
      ])
    #expect(problems == [])
    // A message where no test ran, and only there.
    #expect((json["message"] != .null) == (json["status"] == .string("error")))
    #expect((json["status"] == .string("pass")) == grade.isPassed)
  }

  @Test func `Exercism's file has the text of visible tests, and of no other`() throws {
    let grade = AssignmentGrade(
      assignment: "thirds", submissions: [SampleGrades.fullVisible], codes: [1: "test \"one\" { }"])
    let json = try JSON(GradeFormat.exercism.text(of: grade))
    let codes = json["tests"]?.elements.map { $0["test_code"]?.string }
    #expect(codes == ["test \"one\" { }", nil])
  }

  @Test func `JSON says what shut submissions in, and what is left out`() throws {
    let grade = AssignmentGrade(
      assignment: "thirds", submissions: [], shelter: "seccomp filter", leftOut: ["notes.txt"])
    let json = try JSON(GradeFormat.json.text(of: grade))
    #expect(json["shelter"]?.string == "seccomp filter")
    #expect(json["left_out"]?.elements.map(\.string) == ["notes.txt"])
  }

  @Test(arguments: SampleGrades.all)
  func `GitHub Classroom's result adds up to what its reporter reports`(
    _ grade: SubmissionGrade
  ) throws {
    let statuses = JSONRule.Kind.oneOf(["pass", "fail", "error"])
    let json = try one(.classroom, grade)
    let problems = JSONRule.problems(
      json,
      [
        .must("version", .whole(1...1)), .must("status", statuses),
        .must("max_score", Self.points),
        .must(
          "tests",
          .list([
            .must("name", Self.any), .must("status", statuses), .must("score", Self.points),
            .must("message", Self.any, orNull: true), .must("test_code", Self.any),
            .must("filename", Self.any), .must("line_no", .whole(0...1e9)),
          ])),
      ])
    #expect(problems == [])
    let sum = try #require(json["tests"]).elements.reduce(0) { $0 + ($1["score"]?.number ?? .nan) }
    #expect(abs(sum - grade.points) < 1e-6)
    #expect(json["max_score"]?.number == grade.of)
    #expect((json["status"] == .string("pass")) == grade.isPassed)
  }

  @Test(arguments: SampleGrades.all)
  func `PrairieLearn's file keeps its field rules`(_ grade: SubmissionGrade) throws {
    let text = GradeFormat.prairielearn.text(of: grade, assignment: "thirds")
    #expect(text.utf8.count <= 1_000_000)
    let json = try JSON(text)
    let problems = JSONRule.problems(
      json,
      [
        .must("gradable", .flag), .must("score", .number(0...1)), .may("message", Self.any),
        .may("output", Self.any), .may("format_errors", .texts),
        .may(
          "tests",
          .list([
            .must("name", Self.any), .may("description", Self.any), .must("points", Self.points),
            .must("max_points", Self.points), .may("message", Self.any), .may("output", Self.any),
          ])),
      ])
    #expect(problems == [])
    #expect((json["gradable"] == .boolean(false)) == (json["format_errors"] != nil))
    #expect((json["score"] == .number(1)) == grade.isPassed)
  }

  @Test func `Much that a submission printed shortens no message`() throws {
    let message = String(repeating: "expected ", count: 50)
    let grade = SampleGrades.grade(
      "ada",
      [
        TestGrade(
          number: 1, name: "a", isHidden: false, outcome: .wrong, points: 0, of: 1, message: message
        )
      ], output: SampleGrades.hostile.output)
    let tests = try #require(try one(.prairielearn, grade)["tests"]).elements
    #expect(tests.map { $0["message"]?.string } == [message])
  }

  @Test func `What a student did not cause costs no attempt`() throws {
    #expect(try one(.prairielearn, SampleGrades.openWhole)["gradable"] == .boolean(false))
    #expect(try one(.prairielearn, SampleGrades.unreadable)["gradable"] == .boolean(false))
    #expect(try one(.prairielearn, SampleGrades.endless)["gradable"] == .boolean(true))
  }
}
