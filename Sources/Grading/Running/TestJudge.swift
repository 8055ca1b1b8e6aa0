import Evaluation
import Syntax
import Writing

/// Decides how a test of the checks ended.
struct TestJudge {
  /// Most bytes of a message, and of a value that is told: a submission chooses how long these are.
  private static let longestText = 4096

  /// The text of the checks.
  let checks: SourceText
  /// The student's file.
  let submission: SourceText
  /// The test.
  let test: ChecksFile.Test
  /// What the draws of its turns begin with.
  let seeds: [UInt64]

  /// True where it asks about the text or the output of the student's file.
  var asksForWords: Bool { test.statement.range.text.contains("submission_") }

  /// The grade where the model answer does not pass it either.
  var refuted: TestGrade {
    grade(
      .faultOfChecks,
      "the model answer does not pass this test either: it says nothing of this submission")
  }

  /// The grade of a test that ran, or of one that a fault kept from it.
  func grade(_ result: TestResult?, _ fault: Diagnostic?, hasAsked: Bool) -> TestGrade {
    guard let result else {
      guard let fault else { return grade(.faultOfChecks, "the test left no result") }
      return grade(fault, hasAsked: hasAsked)
    }
    guard let shortfall = result.fault else {
      guard hasAsked else { return grade(.faultOfChecks, "it asks nothing of the submission") }
      return grade(.passed, nil, points: result.points)
    }
    guard result.points == 0 else {
      guard hasAsked else { return grade(.faultOfChecks, "it asks nothing of the submission") }
      return grade(
        .partly, shortfall.message, points: result.points, at: shortfall.range,
        found: result.found, seed: result.seed)
    }
    return grade(shortfall, hasAsked: hasAsked, found: result.found, seed: result.seed)
  }

  /// The grade of a test that a fault ended.
  ///
  /// An error in the checks counts as the submission's as soon as the checks have asked for
  /// something of it, so that no value gets rid of a test; that the checks are sound shows in the
  /// model answer.
  func grade(
    _ fault: Diagnostic, hasAsked: Bool, found: String? = nil, seed: UInt64? = nil
  ) -> TestGrade {
    let isInSubmission = fault.range.map { $0.source !== checks } ?? false
    let outcome: Outcome
    var message = fault.message
    if !hasAsked, !isInSubmission, fault.code != "test-not-run" {
      outcome = .faultOfChecks
    } else {
      switch fault.kind {
      case .limit, .memory: outcome = .limitHit
      case .test where !isInSubmission: outcome = isNotRun(fault) ? .notGradable : .wrong
      default:
        outcome = .notGradable
        if !isInSubmission, fault.code != "not-in-submission" {
          message = "the checks could not use what the submission gives: " + message
        }
      }
    }
    return grade(
      outcome, message, at: fault.range, found: outcome == .wrong ? found : nil, seed: seed)
  }

  private func isNotRun(_ fault: Diagnostic) -> Bool { fault.code == "test-not-run" }

  private func grade(
    _ outcome: Outcome, _ message: String?, points: Double = 0, at range: SourceRange? = nil,
    found: String? = nil, seed: UInt64? = nil
  ) -> TestGrade {
    let isShown = range.map { $0.source !== checks || !test.isHidden } ?? false
    return TestGrade(
      number: test.number, name: test.name, isHidden: test.isHidden, outcome: outcome,
      points: min(points, test.of), of: test.of,
      message: message?.cut(toBytes: TestJudge.longestText),
      place: isShown ? range.map(TestGrade.Place.init) : nil,
      hint: outcome == .passed ? nil : test.hint,
      found: found?.cut(toBytes: TestJudge.longestText),
      replay: test.isHidden || outcome == .passed || outcome == .faultOfChecks
        ? nil : replay(seed ?? seeds.first))
  }

  /// The command that replays the test with the draws of the turn that counts.
  private func replay(_ seed: UInt64?) -> String {
    let words = [checks.name, "--explain", submission.name, test.name].map(\.shellWord)
    return "cairn grade " + words.joined(separator: " ") + (seed.map { " --seed \($0)" } ?? "")
  }
}
