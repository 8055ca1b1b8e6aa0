import Grading
import Testing

/// By RFC 4180.
@Suite struct CSVFormatTests {
  /// Rows of cells as RFC 4180 reads them; `nil` where a quote is out of place.
  func rows(_ text: String) -> [[String]]? {
    var rows: [[String]] = [[]]
    var rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty {
      var cell = String.UnicodeScalarView()
      if rest.first == "\"" {
        rest.removeFirst()
        while let scalar = rest.popFirst() {
          guard scalar == "\"" else {
            cell.append(scalar)
            continue
          }
          guard rest.first == "\"" else { break }
          cell.append("\"")
          rest.removeFirst()
        }
      } else {
        while let scalar = rest.first, scalar != ",", scalar != "\r" {
          if scalar == "\"" || scalar == "\n" { return nil }
          cell.append(scalar)
          rest.removeFirst()
        }
      }
      rows[rows.count - 1].append(String(cell))
      if rest.first == "," {
        rest.removeFirst()
        continue
      }
      guard rest.starts(with: ["\r", "\n"]) else { return nil }
      rest = rest.dropFirst(2)
      if !rest.isEmpty { rows.append([]) }
    }
    return rows
  }

  @Test func `A name of several lines stays in its cell`() throws {
    let grade = SubmissionGrade(student: "nl\n=1+1", digest: "", tests: [])
    let text = GradeFormat.csv.text(
      of: AssignmentGrade(assignment: "thirds", submissions: [grade]))
    let rows = try #require(self.rows(text))
    #expect(rows.count == 2)
    #expect(rows[1][0] == "nl\n=1+1")
  }

  @Test func `CSV has a row a submission and a column a test`() throws {
    let text = GradeFormat.csv.text(
      of: AssignmentGrade(assignment: "thirds", submissions: SampleGrades.all))
    let rows = try #require(self.rows(text))
    #expect(rows.count == SampleGrades.all.count + 1)
    #expect(rows.allSatisfy { $0.count == 4 + 8 })
    #expect(rows[0].prefix(5) == ["student", "points", "of", "status", "1: peak of thirds (2)"])
    #expect(rows[1].prefix(6) == ["ada", "4", "4", "graded", "2", "2"])
    let open = try #require(rows.first { $0[0] == "fay" })
    #expect(open[3] == "fault of the checks")
    #expect(open[4] == "")
    #expect(rows.first { $0[0] == "cyd/answer" }?[4...9] == ["2", "0.1", "0", "0", "0", ""])
  }

  @Test func `A file's name is no formula`() throws {
    let text = GradeFormat.csv.text(of: SampleGrades.hostile, assignment: "thirds")
    let rows = try #require(self.rows(text))
    #expect(rows[1][0].hasPrefix("'=cmd()"))
  }
}
