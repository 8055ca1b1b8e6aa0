import Foundation

/// What a lesson's prose refers to: numbers that its cells give, and files that are there.
struct NumbersAndLinks {
  /// What is wrong.
  let findings: [Finding]

  /// - Parameter cells: Those of the lesson's file.
  init(_ lesson: Lesson, _ cells: [FileCell]) {
    let numbers = NumbersInProse(cells: cells)
    var findings: [Finding] = []
    for cell in cells where cell.tag == "markdown" {
      for stranger in numbers.strangers(in: cell) {
        findings.append(
          Finding(lesson.path, stranger.line, CourseProblem.number(stranger.text).message))
      }
      for (number, line) in cell.lines.enumerated() {
        for target in NumbersAndLinks.targets(in: line)
        where !FileManager.default.fileExists(atPath: lesson.folder + "/" + target) {
          findings.append(
            Finding(lesson.path, cell.line + 1 + number, CourseProblem.deadLink(target).message))
        }
      }
    }
    self.findings = findings
  }

  /// The files that links of a line lead to: `[text](../data/README.md)`.
  private static func targets(in line: String) -> [String] {
    line.matches(of: /\]\(([^)#\s]+)[^)]*\)/).map { String($0.output.1) }
      .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
  }
}
