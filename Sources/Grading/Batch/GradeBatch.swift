import Foundation
import Notebook
import Synchronization
import Syntax

/// Grades many submissions, several at a time, each in a process of its own. The grades do not
/// depend on how many at a time, nor on the order in which they end.
package struct GradeBatch {
  private let checks: ChecksFile
  private let process: SubmissionProcess
  private let key: SeedKey
  private let refuted: Set<Int>
  private let store: GradeStore?

  /// - Parameters:
  ///   - process: Grades one.
  ///   - key: Gives each student draws of their own.
  ///   - refuted: Numbers of tests that the model answer does not pass.
  ///   - store: Where grades are kept, and taken from where they are known; `nil` for none.
  package init(
    _ checks: ChecksFile, _ process: SubmissionProcess, key: SeedKey, refuted: Set<Int> = [],
    store: GradeStore? = nil
  ) {
    (self.checks, self.process, self.key) = (checks, process, key)
    (self.refuted, self.store) = (refuted, store)
  }

  /// The grades, in the order of the submissions; where it is stopped, those that are known.
  ///
  /// - Parameters:
  ///   - width: How many at a time.
  ///   - isStopped: Asked before each: true where no other is to be begun.
  package func grades(
    of submissions: [Submission], width: Int, isStopped: @escaping @Sendable () -> Bool
  ) -> [SubmissionGrade] {
    let next = Atomic(0)
    let found = Mutex([SubmissionGrade?](repeating: nil, count: submissions.count))
    DispatchQueue.concurrentPerform(iterations: min(width, submissions.count)) { _ in
      while !isStopped() {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < submissions.count else { return }
        let grade = grade(submissions[place])
        found.withLock { $0[place] = grade }
      }
    }
    return found.withLock { $0.compactMap(\.self) }
  }

  private func grade(_ submission: Submission) -> SubmissionGrade {
    guard let path = submission.path else {
      return nothing(submission, "there is no file to grade: expected one '.cairn' file")
    }
    let source: SourceText
    do throws(Diagnostic) { source = try ScriptFile.read(path) } catch {
      return nothing(submission, error.message)
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let digest = SeedKey.digest([UInt8](source.text.utf8))
    let seeds = key.seeds(of: checks, student: submission.student)
    let place = store?.key(
      checks: checks, name: name, digest: digest, seeds: seeds, refuted: refuted)
    if let place, let known = store?.grade(place, student: submission.student) {
      return known
    }
    let grade = process.grade(
      SourceText(name: name, text: source.text), of: submission.student, digest: digest,
      seeds: seeds, refuted: refuted)
    if let place { store?.keep(grade, place) }
    return grade
  }

  private func nothing(_ submission: Submission, _ message: String) -> SubmissionGrade {
    let fault = SubmissionGrade.Fault(outcome: .notGradable, message: message)
    return SubmissionGrade(
      student: submission.student, digest: "", tests: checks.grades(of: fault), fault: fault)
  }
}
