import Foundation
import Reports
import Writing

/// What a student may learn of a grade: visible tests, and of hidden ones only what a format must
/// have (how many points they gave, all together).
struct StudentView {
  let grade: SubmissionGrade

  init(_ grade: SubmissionGrade) { self.grade = grade }

  /// A line of a report.
  struct Entry {
    /// Its number among the tests of the checks; `nil` for what is no single test.
    let number: Int?
    let name: String
    let outcome: Outcome
    let points: Double
    let of: Double
    /// What happened, with place, hint and command, for a person; `nil` where it passed.
    let message: String?
    let place: TestGrade.Place?

    /// True for the entry of all hidden tests together.
    var isOfHidden: Bool { number == nil && name == StudentWords.hiddenName }
  }

  /// Tests that the student may see, as the checks have them.
  var visible: [TestGrade] { grade.tests.filter { !$0.isHidden } }
  /// The others.
  var hidden: [TestGrade] { grade.tests.filter(\.isHidden) }
  /// Points of visible tests.
  var points: Double { visible.reduce(0) { $0 + $1.points } }
  /// Points that visible tests could give.
  var of: Double { visible.reduce(0) { $0 + $1.of } }

  /// Entries for what ended the submission (or that there are no tests), and for visible tests: a
  /// submission that could not be tested, or that no test looked at, has an entry that is no pass.
  var entries: [Entry] { whole + visible.map(entry) }

  /// The same, and an entry for all hidden tests together, for formats that have one verdict or one
  /// total for a submission.
  var entriesWithHidden: [Entry] { entries + (hiddenTogether.map { [$0] } ?? []) }

  /// What is said of hidden tests; `nil` where there are none.
  var hiddenNote: String? { hidden.isEmpty ? nil : StudentWords.hidden }

  /// One sentence about all; says no more than what is known.
  var verdict: String {
    if let fault = grade.fault { return StudentWords.untested(fault.outcome) }
    if grade.tests.isEmpty { return StudentWords.noTests }
    if grade.isOpen(among: visible) { return StudentWords.open }
    let passed = visible.count { $0.outcome == .passed }
    if visible.isEmpty { return StudentWords.onlyHidden }
    if passed < visible.count { return StudentWords.passed(passed, of: visible.count) }
    return hidden.isEmpty ? StudentWords.allPassed : StudentWords.allVisiblePassed
  }

  private var whole: [Entry] {
    if let fault = grade.fault {
      let message = StudentWords.report(fault.message, fault.place, hint: nil, replay: nil)
      return [
        Entry(
          number: nil, name: StudentWords.submission, outcome: fault.outcome, points: 0, of: 0,
          message: message, place: fault.place)
      ]
    }
    guard grade.tests.isEmpty else { return [] }
    return [
      Entry(
        number: nil, name: StudentWords.submission, outcome: .faultOfChecks, points: 0, of: 0,
        message: StudentWords.noTests, place: nil)
    ]
  }

  private func entry(_ test: TestGrade) -> Entry {
    let message =
      test.outcome == .passed
      ? nil
      : StudentWords.report(
        test.message ?? StudentWords.ended(test.outcome), test.place, hint: test.hint,
        replay: test.replay)
    return Entry(
      number: test.number, name: test.name.shortened, outcome: test.outcome, points: test.points,
      of: test.of, message: message, place: test.place)
  }

  /// How many of the hidden tests passed, in words.
  var hiddenCount: String {
    StudentWords.hiddenPassed(hidden.count { $0.outcome == .passed }, of: hidden.count)
  }

  /// An entry for all hidden tests together; `nil` where there are none.
  var hiddenTogether: Entry? {
    guard !hidden.isEmpty else { return nil }
    let outcome: Outcome =
      hidden.allSatisfy { $0.outcome == .passed }
      ? .passed
      : grade.isOpen(among: hidden) ? .faultOfChecks : .wrong
    return Entry(
      number: nil, name: StudentWords.hiddenName, outcome: outcome,
      points: hidden.reduce(0) { $0 + $1.points }, of: hidden.reduce(0) { $0 + $1.of },
      message: outcome == .passed ? nil : StudentWords.hidden, place: nil)
  }
}

extension SubmissionGrade {
  /// True where every test there is passed, and nothing ended the submission: never without tests.
  package var isPassed: Bool {
    fault == nil && !tests.isEmpty && tests.allSatisfy { $0.outcome == .passed }
  }

  /// True where the checks themselves failed: the points stand only when the instructor has looked.
  package var isOpen: Bool { isOpen(among: tests) }

  func isOpen(among tests: [TestGrade]) -> Bool {
    fault?.outcome == .faultOfChecks || tests.contains { $0.outcome == .faultOfChecks }
  }
}
