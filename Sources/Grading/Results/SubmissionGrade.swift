/// What the checks say of one submission.
package struct SubmissionGrade: Codable, Sendable, Equatable {
  /// Whose it is: the path in the folder that was graded, without its ending.
  package let student: String
  /// SHA-256 of the submission, as 64 hexadecimal digits.
  package let digest: String
  /// In the order of the checks; each test of the checks is there, whatever became of the
  /// submission.
  package let tests: [TestGrade]
  /// What ended the submission before its tests, or stopped it as a whole; `nil` where nothing did.
  package let fault: Fault?
  /// What the submission printed, at most as much as its limit allows.
  package let output: String
  /// Evaluation steps that the submission and its tests took; `nil` where they were not counted.
  package let steps: Int?

  /// Why a submission as a whole could not be tested.
  package struct Fault: Codable, Sendable, Equatable {
    /// `notGradable`, `limitHit` or `faultOfChecks`.
    package let outcome: Outcome
    /// What happened, in words.
    package let message: String
    /// Where in the submission; `nil` where there is no place.
    package let place: TestGrade.Place?

    /// False where the reason may lie in the machine, so that another try may end otherwise.
    package let isCertain: Bool

    /// A fault as it is.
    package init(
      outcome: Outcome, message: String, place: TestGrade.Place? = nil, isCertain: Bool = true
    ) {
      (self.outcome, self.message, self.place) = (outcome, message, place)
      self.isCertain = isCertain
    }
  }

  /// A grade as it is.
  package init(
    student: String, digest: String, tests: [TestGrade], fault: Fault? = nil, output: String = "",
    steps: Int? = nil
  ) {
    (self.student, self.digest, self.tests) = (student, digest, tests)
    (self.fault, self.output, self.steps) = (fault, output, steps)
  }

  /// Points reached.
  package var points: Double { tests.reduce(0) { $0 + $1.points } }
  /// Points that could be.
  package var of: Double { tests.reduce(0) { $0 + $1.of } }
}

/// What a run of the grader found.
package struct AssignmentGrade: Codable, Sendable, Equatable {
  /// The name of the checks file, without folder and ending.
  package let assignment: String
  /// By student, in the order of their names.
  package let submissions: [SubmissionGrade]
  /// What shut the submissions in, in words; `nil` where that is not known.
  package let shelter: String?
  /// What stood among the submissions and is none, by path.
  package let leftOut: [String]
  /// The text of each test that students may see, by its number.
  package let codes: [Int: String]

  /// Grades as they are.
  package init(
    assignment: String, submissions: [SubmissionGrade], shelter: String? = nil,
    leftOut: [String] = [], codes: [Int: String] = [:]
  ) {
    (self.assignment, self.submissions, self.shelter) = (assignment, submissions, shelter)
    (self.leftOut, self.codes) = (leftOut, codes)
  }
}
