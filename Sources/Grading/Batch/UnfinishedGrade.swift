import Synchronization

/// The grade of one submission while its tests run, written anew as each ends: whoever is stopped
/// leaves what was known by then.
package final class UnfinishedGrade: Sendable {
  private let checks: ChecksFile
  private let student: String
  private let tests = Mutex<[TestGrade]>([])
  private let write: @Sendable (String) -> Void

  /// - Parameter write: Takes the text of Gradescope's file.
  package init(
    _ checks: ChecksFile, student: String, write: @escaping @Sendable (String) -> Void
  ) {
    (self.checks, self.student, self.write) = (checks, student, write)
    write(text([]))
  }

  /// Hears of what happens.
  package func hear(_ event: GradeBatch.Event) {
    guard case .tested(_, let test) = event else { return }
    tests.withLock { tests in
      tests.append(test)
      // Once all are known the whole grade is.
      if tests.count < checks.tests.count { write(text(tests)) }
    }
  }

  private func text(_ tests: [TestGrade]) -> String {
    let known = Set(tests.map(\.number))
    let waiting = checks.grades(
      of: .init(outcome: .notGradable, message: StudentWords.notReached)
    ).filter { !known.contains($0.number) }
    let grade = SubmissionGrade(
      student: student, digest: "", tests: tests.sorted { $0.number < $1.number })
    return GradescopeFormat.text(of: grade, waiting: waiting)
  }
}
