import Grading
import Testing

@Suite struct GradeSummaryTests {
  static let answer = """
    fn boundaries(length) {
      let third = length // 3
      [third, 2 * third]
    }
    strategy thirds on chain { boundaries(chain.length) }
    let answer = boundaries(12)
    """

  @Test func `A summary counts scores, outcomes, wrong values, limits and steps`() {
    let grades = [
      SampleGrades.grade("ada", [SampleGrades.test(1, .passed, points: 2)], steps: 10),
      SampleGrades.grade("bea", [SampleGrades.test(1, .wrong)], steps: 3000),
      SampleGrades.grade("cyd", [SampleGrades.test(1, .wrong)]),
      SampleGrades.endless, SampleGrades.openWhole, SampleGrades.unreadable,
    ]
    let summary = GradeSummary(of: AssignmentGrade(assignment: "thirds", submissions: grades))
    #expect(summary.count == 6)
    #expect(summary.distribution == [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(summary.median == 0)
    #expect(summary.tests[0].outcomes[.wrong] == 2)
    #expect(summary.tests[0].wrongValues.map(\.count) == [2])
    #expect(summary.slowest.map(\.student) == ["bea", "ada"])
    #expect(summary.limits.map(\.student) == ["eve"])
    #expect(summary.faultsOfChecks.map(\.student) == ["fay"])
    #expect(summary.untested.map(\.student) == ["dan"])
    let text = summary.text(assignment: "thirds")
    #expect(text.contains("1 peak of thirds: 3 MiB (2×)"))
    #expect(text.contains("  bea  3,000"))
    #expect(text.contains("  eve: an operand is missing"))
  }

  @Test func `Copies with other names and another layout are told; other answers are not`() {
    let copy = Self.answer.split(separator: "\n").map(String.init).joined(separator: "\n\n")
      .replacing("boundaries", with: "cuts").replacing("third ", with: "part ")
      .replacing("[third, 2 * third]", with: "[part, 2 *  part]  # mine")
    let other = """
      let answer = [4, 8]
      fn thirds(n) { if n < 3 { [] } else { for k in 0..<n { print(k) } } }
      print("\\(answer) and \\(thirds(7))")
      """
    let pairs = Likeness.pairs(of: [
      ("ada", Self.answer), ("bea", copy), ("cyd", other), ("dan", "fn ("),
    ])
    #expect(pairs.map(\.first) == ["ada"])
    #expect(pairs.map(\.second) == ["bea"])
    #expect(pairs.map(\.share) == [1])
    #expect(pairs.map(\.isSame) == [true])
  }

  @Test func `A line put in before does not hide a copy, and what all were handed out is no copy`()
  {
    let longer = "let mine = 1\n" + Self.answer
    let pairs = Likeness.pairs(of: [("ada", Self.answer), ("bea", longer)])
    #expect(pairs.count == 1)
    #expect(pairs.first?.isSame == false)
    #expect(
      Likeness.pairs(of: [("ada", Self.answer), ("bea", longer)], stub: Self.answer).isEmpty)
  }
}
