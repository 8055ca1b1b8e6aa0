/// What an instructor wants to know of all grades together; hidden tests are in it.
package struct GradeSummary: Sendable {
  /// Of so many submissions.
  package let count: Int
  /// Points that could be.
  package let of: Double
  /// The mean of the points; 0 without submissions.
  package let mean: Double
  /// The middle one of the points, or the mean of the middle two; 0 without submissions.
  package let median: Double
  /// Submissions by their share of the points: ten tenths without their upper border, and last
  /// those with all points.
  package let distribution: [Int]
  /// By number.
  package let tests: [TestSummary]
  /// Those with the most evaluation steps, at most five, the slowest first.
  package let slowest: [(student: String, steps: Int)]
  /// Who met which limit, where; by student.
  package let limits: [Incident]
  /// Where the checks failed; by student.
  package let faultsOfChecks: [Incident]
  /// Submissions that could not be tested at all; by student.
  package let untested: [Incident]
  /// Submissions that look alike.
  package let alike: [Likeness.Pair]
  /// What shut the submissions in, in words; `nil` where that is not known.
  package let shelter: String?
  /// What stood among the submissions and is none.
  package let leftOut: [String]

  /// One test over all submissions.
  package struct TestSummary: Sendable {
    package let number: Int
    package let name: String
    package let isHidden: Bool
    /// How many ended how.
    package let outcomes: [Outcome: Int]
    /// The values found most often in place of the right one, at most three, and how often.
    package let wrongValues: [(value: String, count: Int)]
  }

  /// Something that happened to one submission.
  package struct Incident: Sendable {
    package let student: String
    /// The test; `nil` where it was the submission as a whole.
    package let number: Int?
    package let message: String
  }

  /// A summary.
  ///
  /// - Parameters:
  ///   - texts: submissions by student, to find those that look alike.
  ///   - stub: what was handed out to all; `nil` where nothing was.
  package init(
    of grade: AssignmentGrade, texts: [(student: String, text: String)] = [], stub: String? = nil
  ) {
    let points = grade.submissions.map(\.points).sorted()
    count = points.count
    of = grade.submissions.map(\.of).max() ?? 0
    mean = points.isEmpty ? 0 : points.reduce(0, +) / Double(points.count)
    median =
      points.isEmpty ? 0 : (points[(points.count - 1) / 2] + points[points.count / 2]) / 2
    distribution = grade.submissions.reduce(into: [Int](repeating: 0, count: 11)) { bins, each in
      let share = each.of > 0 ? each.points / each.of : 0
      bins[min(max(Int(share * 10), 0), each.isPassed ? 10 : 9)] += 1
    }
    tests = Self.tests(of: grade)
    slowest = grade.submissions.compactMap { each in each.steps.map { (each.student, $0) } }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(5).map { $0 }
    limits = Self.incidents(.limitHit, in: grade)
    faultsOfChecks = Self.incidents(.faultOfChecks, in: grade)
    untested = grade.submissions.compactMap { each in
      guard let fault = each.fault, fault.outcome == .notGradable else { return nil }
      return Incident(student: each.student, number: nil, message: fault.message)
    }
    alike = Likeness.pairs(of: texts, stub: stub)
    (shelter, leftOut) = (grade.shelter, grade.leftOut)
  }

  private static func tests(of grade: AssignmentGrade) -> [TestSummary] {
    Dictionary(grouping: grade.submissions.flatMap(\.tests), by: \.number)
      .sorted { $0.key < $1.key }
      .map { number, tests in
        let outcomes = Dictionary(grouping: tests, by: \.outcome).mapValues(\.count)
        let wrong = tests.filter { $0.outcome == .wrong || $0.outcome == .partly }
          .compactMap(\.found)
        let counted = Dictionary(grouping: wrong) { $0 }
          .map { (value: $0.key, count: $0.value.count) }
          .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
        return TestSummary(
          number: number, name: tests[0].name, isHidden: tests[0].isHidden, outcomes: outcomes,
          wrongValues: Array(counted.prefix(3)))
      }
  }

  /// What ended so: as a whole, which is told once, or in single tests.
  private static func incidents(_ outcome: Outcome, in grade: AssignmentGrade) -> [Incident] {
    grade.submissions.flatMap { each -> [Incident] in
      if let fault = each.fault {
        return fault.outcome == outcome
          ? [Incident(student: each.student, number: nil, message: fault.message)] : []
      }
      return each.tests.filter { $0.outcome == outcome }.map {
        Incident(
          student: each.student, number: $0.number,
          message: $0.message ?? StudentWords.ended(outcome))
      }
    }
  }
}
