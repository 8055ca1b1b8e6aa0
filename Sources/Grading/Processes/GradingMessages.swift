import Notebook

/// What the grader tells a process that runs a submission, first of all.
struct SubmissionOrder: Codable {
  /// The submission's name and text.
  let name, text: String
  /// Texts that it may import, by their paths.
  let files: [String: String]
  /// What it, and each test, may take.
  let limits: CheckLimits
  /// Threads that kernels may use.
  let threads: Int
}

/// What the process answers once the submission's own code has ended.
struct SubmissionAnswer: Codable {
  /// What ended it early; `nil` where it ran to its end.
  let fault: SubmissionGrade.Fault?
  /// What it printed.
  let output: String
  /// Evaluation steps that it took.
  let steps: Int
}

/// What the grader tells only then.
struct ChecksOrder: Codable {
  /// The name and text of the checks.
  let name, text: String
  /// For each test what the draws of its turns begin with.
  let seeds: [[UInt64]]
  /// Numbers of tests that the model answer does not pass.
  let refuted: Set<Int>
}

/// What the process says of each test, and at last.
enum ChecksAnswer: Codable {
  case grade(TestGrade)
  /// All tests were tried; evaluation steps in all.
  case done(steps: Int)
}
