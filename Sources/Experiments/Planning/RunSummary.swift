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
