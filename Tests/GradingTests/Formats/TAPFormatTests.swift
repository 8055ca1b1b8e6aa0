import Grading
import Testing

/// By the rules of TAP 14 (docs/formats.md).
@Suite struct TAPFormatTests {
  /// What a harness reads.
  struct Document {
    var plan: Int?
    var points: [(isOK: Bool, number: Int, description: String, isSkipped: Bool)] = []
    var problems: [String] = []
  }

  func read(_ lines: [String]) -> Document {
    var document = Document()
    var isInBlock = false
    var child: [String] = []
    for line in lines {
      if isInBlock {
        if line == "  ..." { isInBlock = false }
        if !line.hasPrefix("  ") { document.problems.append("YAML is not indented: \(line)") }
      } else if line.hasPrefix("    ") {
        child.append(String(line.dropFirst(4)))
      } else if line == "  ---" {
        if document.points.isEmpty { document.problems.append("YAML before any test point") }
        isInBlock = true
      } else if let plan = line.wholeMatch(of: /1\.\.(\d+)/) {
        if document.plan != nil { document.problems.append("two plans") }
        document.plan = Int(plan.1)
      } else if let point = line.wholeMatch(of: /(not )?ok (\d+) - (.*)/) {
        add(point.1 == nil, Int(point.2) ?? 0, String(point.3), to: &document)
        if !child.isEmpty { check(child, isOK: point.1 == nil, &document) }
        child = []
      } else if !line.hasPrefix("#") {
        document.problems.append("no line of TAP: \(line)")
      }
    }
    if isInBlock { document.problems.append("YAML without an end") }
    if document.plan != document.points.count { document.problems.append("another plan") }
    return document
  }

  func add(_ isOK: Bool, _ number: Int, _ text: String, to document: inout Document) {
    if number != document.points.count + 1 { document.problems.append("number \(number)") }
    // A `#` that no backslash stands before begins a directive.
    var description = ""
    var rest = Substring(text)
    while let character = rest.first, character != "#" {
      rest.removeFirst()
      description.append(character == "\\" ? rest.popFirst() ?? " " : character)
    }
    if !rest.isEmpty, !rest.hasPrefix("# SKIP") { document.problems.append("directive \(rest)") }
    document.points.append((isOK, number, description, !rest.isEmpty))
  }

  func check(_ child: [String], isOK: Bool, _ document: inout Document) {
    let inner = read(child)
    document.problems += inner.problems
    if inner.points.allSatisfy(\.isOK) != isOK { document.problems.append("another verdict") }
  }

  @Test(arguments: SampleGrades.all)
  func `TAP keeps its rules`(_ grade: SubmissionGrade) throws {
    let text = GradeFormat.tap.text(of: grade, assignment: "thirds")
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == "TAP version 14")
    let document = read(Array(lines.dropFirst()))
    #expect(document.problems == [])
    #expect(document.points.allSatisfy { !$0.isSkipped })
    #expect(document.points.allSatisfy(\.isOK) == grade.isPassed)
  }

  @Test func `Several submissions are subtests`() throws {
    let text = GradeFormat.tap.text(
      of: AssignmentGrade(assignment: "thirds", submissions: SampleGrades.all))
    let document = read(text.split(separator: "\n").dropFirst().map(String.init))
    #expect(document.problems == [])
    #expect(document.points.count == SampleGrades.all.count)
    #expect(document.points.map(\.isOK) == SampleGrades.all.map(\.isPassed))
  }

  @Test(arguments: SampleGrades.failing)
  func `TAP of a submission that is no pass has a point that is not ok`(
    _ grade: SubmissionGrade
  ) throws {
    let text = GradeFormat.tap.text(of: grade, assignment: "thirds")
    let document = read(text.split(separator: "\n").dropFirst().map(String.init))
    #expect(document.points.contains { !$0.isOK })
  }

  @Test func `A submission that fails hidden tests alone is not green, and says only how many`() {
    let text = GradeFormat.tap.text(of: SampleGrades.fullVisible, assignment: "thirds")
    #expect(text.contains("\nok 1 - peak of thirds\nnot ok 2 - hidden tests: 0 of 1 passed\n#"))
  }

  @Test func `No submissions are no pass`() throws {
    let text = GradeFormat.tap.text(of: AssignmentGrade(assignment: "thirds", submissions: []))
    #expect(text.contains("\nnot ok 1"))
  }
}
