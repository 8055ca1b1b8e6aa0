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
  private let files: [String: String]
  private let store: GradeStore?

  /// Something that happens while it grades.
  package enum Event: Sendable {
    case began(student: String)
    /// A test ended that ran just now, and was not known before.
    case tested(student: String, TestGrade)
    case ended(student: String)
  }

  /// A submission that was graded.
  package struct Graded: Sendable {
    package let grade: SubmissionGrade
    /// What was handed in; `nil` where it is no text.
    package let text: String?
  }

  /// - Parameters:
  ///   - process: Grades one.
  ///   - key: Gives each student draws of their own.
  ///   - refuted: Numbers of tests that the model answer does not pass.
  ///   - files: Texts that submissions may import, by their names.
  ///   - store: Where grades are kept, and taken from where they are known; `nil` for none.
  package init(
    _ checks: ChecksFile, _ process: SubmissionProcess, key: SeedKey, refuted: Set<Int> = [],
    files: [String: String] = [:], store: GradeStore? = nil
  ) {
    (self.checks, self.process, self.key) = (checks, process, key)
    (self.refuted, self.files, self.store) = (refuted, files, store)
  }

  /// The grades, in the order of the submissions; where it is stopped, those that are known.
  ///
  /// - Parameters:
  ///   - width: How many at a time.
  ///   - isStopped: Asked before each: true where no other is to be begun.
  ///   - told: Hears of what happens, on the thread that grades.
  package func grades(
    of submissions: [Submission], width: Int, isStopped: @escaping @Sendable () -> Bool,
    told: @escaping @Sendable (Event) -> Void = { _ in }
  ) -> [Graded] {
    let next = Atomic(0)
    let found = Mutex([Graded?](repeating: nil, count: submissions.count))
    DispatchQueue.concurrentPerform(iterations: min(width, submissions.count)) { _ in
      while !isStopped() {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < submissions.count else { return }
        let student = submissions[place].student
        told(.began(student: student))
        let graded = graded(submissions[place], told)
        told(.ended(student: student))
        found.withLock { $0[place] = graded }
      }
    }
    return found.withLock { $0.compactMap(\.self) }
  }

  private func graded(_ submission: Submission, _ told: (Event) -> Void) -> Graded {
    do throws(Diagnostic) {
      let source = try submission.read()
      return Graded(grade: grade(submission.student, source, told), text: source.text)
    } catch {
      let fault = SubmissionGrade.Fault(outcome: .notGradable, message: error.message)
      let grade = SubmissionGrade(
        student: submission.student, digest: "", tests: checks.grades(of: fault), fault: fault)
      return Graded(grade: grade, text: nil)
    }
  }

  private func grade(
    _ student: String, _ source: SourceText, _ told: (Event) -> Void
  ) -> SubmissionGrade {
    let digest = SeedKey.digest([UInt8](source.text.utf8))
    let seeds = key.seeds(of: checks, student: student)
    let place = store?.key(of: parts(student, source, seeds))
    if let place, let known = store?.grade(place, student: student) { return known }
    let grade = process.grade(
      source, of: student, digest: digest, files: files, seeds: seeds, refuted: refuted
    ) { told(.tested(student: student, replayable($0))) }
    let whole = SubmissionGrade(
      student: student, digest: digest, tests: grade.tests.map(replayable), fault: grade.fault,
      output: grade.output, steps: grade.steps)
    if let place { store?.keep(whole, place) }
    return whole
  }

  /// All that the grade depends on, but for what the store knows itself.
  private func parts(
    _ student: String, _ source: SourceText, _ seeds: [[UInt64]]
  ) -> [String] {
    [
      student, checks.source.name, checks.source.text, source.name, source.text, "\(seeds)",
      "\(refuted.sorted())",
    ] + files.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
  }

  /// A test whose command names the files that its submission imports.
  private func replayable(_ test: TestGrade) -> TestGrade {
    guard let replay = test.replay, !files.isEmpty else { return test }
    let imports = files.keys.sorted().map { " --import \($0.shellWord)" }
    return TestGrade(
      number: test.number, name: test.name, isHidden: test.isHidden, outcome: test.outcome,
      points: test.points, of: test.of, message: test.message, place: test.place, hint: test.hint,
      found: test.found, replay: replay + imports.joined())
  }
}

extension String {
  /// As a shell reads it back as one word.
  var shellWord: String {
    let isPlain = allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0))
    }
    return isPlain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
