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
  package var liveBefore: Account
  /// The make-up at the command's highest total, and the step that ran then (empty outside a
  /// schedule).
  package var peak: Account
  package var peakLabel: String
  /// The schedules that ran, taken together; `nil` where none did.
  package var run: RunSummary?
}

/// What the schedules of a command did, summed over its runs (`train` runs one a step).
package struct RunSummary: Hashable, Sendable {
  package var strategy: String
  /// Highest over the runs: total live bytes, what lives outside the schedule included.
  package var predictedPeak: Int
  package var measuredPeak: Int
  package var forwardSteps: Int
  package var replayedSteps: Int
  package var backwardSteps: Int
  package var forwardCost: Int
  package var replayedCost: Int
  package var backwardCost: Int
  /// Schedules run.
  package var runs: Int
  /// Bytes on the slower tier, most at once, and bytes moved there and back; 0 where no schedule
  /// used it.
  package var tierPeak = 0
  package var tierTraffic = 0
}
