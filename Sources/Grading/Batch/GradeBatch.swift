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
  private let isFresh: Bool

  /// - Parameters:
  ///   - process: Grades one.
  ///   - key: Gives each student draws of their own.
  ///   - refuted: Numbers of tests that the model answer does not pass.
  ///   - store: Where grades are kept, and taken from where they are known; `nil` for none.
  ///   - isFresh: True where grades that are known are found anew.
  package init(
    _ checks: ChecksFile, _ process: SubmissionProcess, key: SeedKey, refuted: Set<Int> = [],
    store: GradeStore? = nil, isFresh: Bool = false
  ) {
    (self.checks, self.process, self.key) = (checks, process, key)
    (self.refuted, self.store, self.isFresh) = (refuted, store, isFresh)
  }

  /// The grades, in the order of the submissions; where it is stopped, those that are known.
  ///
  /// - Parameters:
  ///   - width: How many at a time.
  ///   - isStopped: Asked before each: true where no other is to be begun.
  ///   - told: Hears of each test as it ends, on any thread; not of tests whose grades are known.
  ///   - finished: Hears how many are graded, one at a time, on any thread.
  package func grades(
    of submissions: [Submission], width: Int, isStopped: @escaping @Sendable () -> Bool,
    told: @escaping @Sendable (TestGrade) -> Void = { _ in },
    finished: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> [SubmissionGrade] {
    let next = Atomic(0)
    let found = Mutex([SubmissionGrade?](repeating: nil, count: submissions.count))
    DispatchQueue.concurrentPerform(iterations: min(width, submissions.count)) { _ in
      while !isStopped() {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < submissions.count else { return }
        let grade = grade(submissions[place], told: told)
        found.withLock { found in
          found[place] = grade
          finished(found.count { $0 != nil })
        }
      }
    }
    return found.withLock { $0.compactMap(\.self) }
  }

  private func grade(
    _ submission: Submission, told: @escaping (TestGrade) -> Void
  ) -> SubmissionGrade {
    let source: SourceText
    do throws(Diagnostic) { source = try submission.text() } catch {
      return nothing(submission, error)
    }
    let digest = SeedKey.digest([UInt8](source.text.utf8))
    let seeds = key.seeds(of: checks, student: submission.student)
    let place = store?.key(
      checks: checks, name: source.name, digest: digest, seeds: seeds, refuted: refuted,
      terms: process.terms)
    if !isFresh, let place, let known = store?.grade(place, student: submission.student) {
      return known
    }
    let grade = process.grade(
      source, of: submission.student, digest: digest, seeds: seeds, refuted: refuted, told: told)
    if let place { store?.keep(grade, place) }
    return grade
  }

  private func nothing(_ submission: Submission, _ error: Diagnostic) -> SubmissionGrade {
    let fault = SubmissionGrade.Fault(outcome: .notGradable, message: error.message)
    return SubmissionGrade(
      student: submission.student, digest: "", tests: checks.grades(of: fault), fault: fault)
  }
}
