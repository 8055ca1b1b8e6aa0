/// What one test of the checks says of one submission.
package struct TestGrade: Codable, Sendable, Equatable {
  /// Its number among the tests of the checks, from 1.
  package let number: Int
  /// As the checks say behind `test`.
  package let name: String
  /// True where a student may not learn what it asks.
  package let isHidden: Bool
  /// How it ended.
  package let outcome: Outcome
  /// Points reached.
  package let points: Double
  /// Points that could be.
  package let of: Double
  /// What was expected and what was found, or the error; `nil` where it passed.
  package let message: String?
  /// The place that the message is about, in the submission or, where the test is visible, in the
  /// checks; `nil` where there is none.
  package let place: Place?
  /// One thing to try; `nil` where the checks give none.
  package let hint: String?
  /// What was found in place of the right value, as `print` shows it, for the list of the commonest
  /// wrong values; `nil` where there is none.
  package let found: String?
  /// The command that replays it with its seed; `nil` for hidden tests.
  package let replay: String?

  /// A place in a file.
  package struct Place: Codable, Sendable, Equatable {
    /// The file's name, without its folder.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1.
    package let column: Int
    /// The line as it stands there.
    package let source: String

    /// A place as it is.
    package init(file: String, line: Int, column: Int, source: String) {
      (self.file, self.line, self.column, self.source) = (file, line, column, source)
    }
  }

  /// A grade as it is.
  package init(
    number: Int, name: String, isHidden: Bool, outcome: Outcome, points: Double, of: Double,
    message: String? = nil, place: Place? = nil, hint: String? = nil, found: String? = nil,
    replay: String? = nil
  ) {
    (self.number, self.name, self.isHidden, self.outcome) = (number, name, isHidden, outcome)
    (self.points, self.of, self.message, self.place) = (points, of, message, place)
    (self.hint, self.found, self.replay) = (hint, found, replay)
  }
}
