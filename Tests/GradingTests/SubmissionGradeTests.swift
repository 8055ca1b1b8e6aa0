import Grading
import Testing

@Suite struct SubmissionGradeTests {
  @Test func `A submission's points are those of its tests`() {
    let tests = [
      TestGrade(
        number: 1, name: "a", isHidden: false, outcome: .passed, points: 2, of: 2),
      TestGrade(number: 2, name: "b", isHidden: true, outcome: .partly, points: 0.5, of: 3),
    ]
    let grade = SubmissionGrade(student: "ada", digest: "", tests: tests)
    #expect(grade.points == 2.5)
    #expect(grade.of == 5)
  }
}
