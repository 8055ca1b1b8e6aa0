package import Experiments
package import Reports
package import Syntax
package import Tensors

/// What one command did.
package struct Outcome {
  /// The command's value; `nil` where it has none to show (a binding, a statement).
  package var value: Value?
  /// What the command said: `print`, `memory`, `help`.
  package var said: Report
  /// Why it failed; the session is then as it was before the command.
  package var fault: Diagnostic?
  /// True where `;` ended it: the value is not shown.
  package var isSilenced: Bool
  /// Bytes live after the command, and before it.
  package var live: Account
  /// Bytes live before the command.
  package var liveBefore: Account
  /// Bytes of what is live that only `ans` holds.
  package var ans: Int
  /// The make-up at the command's highest total, and the step that ran then (empty outside a
  /// schedule).
  package var peak: Account
  /// The label of that step.
  package var peakLabel: String
  /// The schedules that ran, taken together; `nil` where none did.
  package var run: RunSummary?
  /// The tests that it ran, in order; a failing one is the last.
  package var tests: [TestResult]
}
