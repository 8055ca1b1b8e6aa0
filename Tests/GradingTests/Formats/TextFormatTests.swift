import Foundation
import Grading
import Testing

@Suite struct TextFormatTests {
  @Test(arguments: GradeFormat.allCases.filter { !$0.tellsHiddenTests })
  func `What students read holds nothing of a hidden test`(_ format: GradeFormat) {
    let text = format.text(
      of: AssignmentGrade(assignment: "thirds", submissions: SampleGrades.all))
    for secret in SampleGrades.secret { #expect(!text.contains(secret)) }
  }

  @Test(arguments: GradeFormat.allCases)
  func `No format lets a character that steers a terminal through`(_ format: GradeFormat) {
    let text = format.text(of: SampleGrades.hostile, assignment: "thirds")
    #expect(
      !text.unicodeScalars.contains { $0.value < 0x20 && !"\r\n\t".unicodeScalars.contains($0) })
  }

  @Test(arguments: GradeFormat.allCases)
  func `The same grade gives the same bytes`(_ format: GradeFormat) {
    let grade = AssignmentGrade(assignment: "thirds", submissions: SampleGrades.all)
    #expect(format.text(of: grade) == format.text(of: grade))
  }

  @Test func `A test that is not passed has its finding, place, hint and command`() {
    let text = GradeFormat.text.text(
      of: SampleGrades.grade("ada", [SampleGrades.test(1, .wrong)]), assignment: "thirds")
    #expect(
      text == """
        ada: 0 of 2 points
          1  peak of thirds  wrong  0 of 2
               expected at most 1 MiB, found 3 MiB
               at thirds.cairn:3:5
                   let third = chain.length
               hint: count the boundaries
               replay: cairn grade --explain thirds.cairn 1
          0 of 1 visible tests passed.

        """)
  }

  @Test func `What is known is said, and no more`() {
    func last(_ grade: SubmissionGrade) -> String? {
      GradeFormat.text.text(of: grade, assignment: "thirds").split(separator: "\n").last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(last(SampleGrades.full) == "All tests passed.")
    #expect(last(SampleGrades.fullVisible) == "All visible tests passed.")
    #expect(last(SampleGrades.testless) == "The checks have no tests: nothing was graded.")
    #expect(last(SampleGrades.onlyHidden) == "All tests are hidden: what they found is not shown.")
    #expect(last(SampleGrades.unreadable) == "The submission could not be graded.")
    #expect(
      last(SampleGrades.openWhole)
        == "The checks have a fault: the points are open until the instructor has looked.")
  }

  @Test(arguments: SampleGrades.failing)
  func `No failing grade is told to be a pass`(_ grade: SubmissionGrade) {
    let text = GradeFormat.text.text(of: grade, assignment: "thirds")
    #expect(
      !text.contains("tests passed.") || text.contains(" of 6 visible tests passed.")
        || text.contains("0 of 1 visible tests passed."))
    #expect(!grade.isPassed)
  }

  @Test func `Files of submissions stay in their folder`() {
    let grade = SampleGrades.grade("../../etc/./ada", [])
    let files = GradeFormat.gradescope.files(
      of: AssignmentGrade(assignment: "thirds", submissions: [grade]))
    #expect(files.map(\.path) == ["_/_/etc/_/ada.gradescope.json"])
    #expect(
      GradeFormat.csv.files(of: AssignmentGrade(assignment: "thirds", submissions: [grade]))
        .map(\.path) == ["thirds.csv"])
  }
}
