import Foundation
import Glibc
package import Notebook
package import Syntax

/// Grades one submission in a process of its own, which cannot reach the checks before the
/// submission's code has ended, and decides here what to believe of what it says.
package struct SubmissionProcess {
  /// What starts the process: the program, and the words behind it.
  private let command: [String]
  private let checks: ChecksFile
  private let limits: CheckLimits
  private let threads: Int
  /// What must be in force before a submission may run.
  private let shelter: Shelter
  /// Seconds after which a process is ended whatever it does: a backstop, which no submission
  /// within its limits meets.
  private let patience: Int

  /// - Parameters:
  ///   - command: Starts a process that runs `SubmissionChild.main`.
  ///   - shelter: What must be in force; fewer for submissions that are trusted.
  package init(
    _ command: [String], checks: ChecksFile, limits: CheckLimits = .usual, threads: Int = 1,
    shelter: Shelter = .whole, patience: Int = 300
  ) {
    (self.command, self.checks, self.limits, self.threads) = (command, checks, limits, threads)
    (self.shelter, self.patience) = (shelter, patience)
  }

  /// The grade of a submission.
  ///
  /// - Parameters:
  ///   - digest: Of its text, in hexadecimal digits.
  ///   - files: Texts that it may import.
  ///   - seeds: For each test what the draws of its turns begin with.
  ///   - refuted: Numbers of tests that the model answer does not pass.
  ///   - told: Hears of each test as it ends.
  package func grade(
    _ submission: SourceText, of student: String, digest: String, files: [String: String] = [:],
    seeds: [[UInt64]], refuted: Set<Int> = [], told: (TestGrade) -> Void = { _ in }
  ) -> SubmissionGrade {
    var talk = Talk()
    let order = SubmissionOrder(
      name: submission.name, text: submission.text, files: files, limits: limits,
      threads: threads)
    let orders = (
      order,
      ChecksOrder(
        name: checks.source.name, text: checks.source.text, seeds: seeds, refuted: refuted)
    )
    var fault: SubmissionGrade.Fault?
    do {
      let child = try ChildProcess(command)
      do throws(Frames.Failure) {
        try converse(child, orders.0, orders.1, &talk, told)
        fault = talk.answer?.fault
        _ = child.end()
      } catch {
        fault = self.fault(error, child.end(), talk)
      }
    } catch {
      fault = SubmissionGrade.Fault(
        outcome: .faultOfChecks, message: "no process could be started for it: \(error)",
        isCertain: false)
    }
    return SubmissionGrade(
      student: student, digest: digest, tests: all(talk.tests, fault), fault: fault,
      output: talk.answer?.output ?? "", steps: talk.steps ?? talk.answer?.steps)
  }

  // MARK: Talking

  /// What a process has said so far.
  private struct Talk {
    var shelter: Shelter?
    var answer: SubmissionAnswer?
    var tests: [TestGrade] = []
    var steps: Int?
  }

  /// Bytes that a process says at once, at most.
  private static let longestAnswer = 4 << 20

  private func converse(
    _ child: ChildProcess, _ submission: SubmissionOrder, _ order: ChecksOrder, _ talk: inout Talk,
    _ told: (TestGrade) -> Void
  ) throws(Frames.Failure) {
    let deadline = Date(timeIntervalSinceNow: Double(patience))
    child.frames.waitNoLonger()
    try child.frames.send(submission, until: deadline)
    let found = try child.frames.receive(Shelter.self, of: 1 << 10, until: deadline)
    talk.shelter = found
    guard found.isSuperset(of: shelter) else { throw .malformed }
    let answer = try child.frames.receive(
      SubmissionAnswer.self, of: SubmissionProcess.longestAnswer, until: deadline)
    talk.answer = answer
    guard answer.fault == nil else { return }
    try child.frames.send(order, until: deadline)
    for expected in checks.running {
      let said = try child.frames.receive(
        ChecksAnswer.self, of: SubmissionProcess.longestAnswer, until: deadline)
      guard case .grade(let grade) = said, let checked = checked(grade, expected) else {
        throw .malformed
      }
      talk.tests.append(checked)
      told(checked)
    }
    guard
      case .done(let steps) = try child.frames.receive(
        ChecksAnswer.self, of: 1 << 10, until: deadline), steps >= 0
    else { throw .malformed }
    talk.steps = steps
  }

  /// What a process says of a test, with what the checks say of it in place of what it says of
  /// them; `nil` where it cannot be true.
  private func checked(_ grade: TestGrade, _ test: ChecksFile.Test) -> TestGrade? {
    let points = grade.points
    guard grade.number == test.number, points.isFinite, (0...test.of).contains(points) else {
      return nil
    }
    switch grade.outcome {
    case .passed: if points != test.of { return nil }
    case .partly: if points == 0 { return nil }
    case .wrong, .notGradable, .limitHit, .faultOfChecks: if points != 0 { return nil }
    }
    return TestGrade(
      number: test.number, name: test.name, isHidden: test.isHidden, outcome: grade.outcome,
      points: points, of: test.of, message: grade.message, place: grade.place, hint: grade.hint,
      found: grade.found, replay: test.isHidden ? nil : grade.replay)
  }

  // MARK: Ends

  /// Why a process stopped talking.
  private func fault(
    _ failure: Frames.Failure, _ end: ChildProcess.End, _ talk: Talk
  ) -> SubmissionGrade.Fault {
    guard let found = talk.shelter else {
      return .init(
        outcome: .faultOfChecks, message: "its process did not start: \(end.text)",
        isCertain: false)
    }
    guard found.isSuperset(of: shelter) else {
      return .init(
        outcome: .faultOfChecks,
        message: "it was not run, since only this shuts submissions in here: \(found.text)",
        isCertain: false)
    }
    switch failure {
    case .late:
      return .init(
        outcome: .limitHit,
        message: "it was stopped by the clock after \(patience) seconds, a backstop",
        isCertain: false)
    case .malformed:
      return .init(outcome: .notGradable, message: "what its process said is no result")
    case .ended:
      if end.isOfLimit {
        return .init(
          outcome: .limitHit, message: "it met a limit of the system: \(end.text)",
          isCertain: false)
      }
      if end.isFromOutside {
        return .init(
          outcome: .faultOfChecks, message: "its process was ended from outside: \(end.text)",
          isCertain: false)
      }
      return .init(
        outcome: .notGradable, message: "it ended the process that ran it: \(end.text)")
    }
  }

  /// A grade for each test of the checks, in their order: of those that nothing was said of, that
  /// of the submission as a whole.
  private func all(_ known: [TestGrade], _ fault: SubmissionGrade.Fault?) -> [TestGrade] {
    let rest = checks.grades(
      of: fault ?? .init(outcome: .notGradable, message: "nothing was said of it"))
    return rest.map { grade in known.first { $0.number == grade.number } ?? grade }
  }
}
