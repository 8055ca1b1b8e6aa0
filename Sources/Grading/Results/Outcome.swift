/// How a test of a submission ended. Only `passed` and `partly` give points.
package enum Outcome: String, Codable, Sendable, CaseIterable {
  /// All that it expects holds.
  case passed
  /// Some of it, by its curve: points between none and all.
  case partly
  /// The submission ran, and gave something else.
  case wrong
  /// The submission cannot be read, failed, or lacks what the test asks for.
  case notGradable = "not gradable"
  /// The submission met a limit: which, and how far it came, is in the message.
  case limitHit = "limit hit"
  /// The checks are wrong, and not the submission: not counted against the student, and no points
  /// given either, until the instructor has looked.
  case faultOfChecks = "fault of the checks"
}
