/// What the schedules of a command did, summed over its runs (`train` runs one a step).
package struct RunSummary: Hashable, Sendable {
  /// The strategy's spelling; `several` where runs had different ones.
  package var strategy: String
  /// Highest over the runs, as rehearsed: total live bytes, what lives outside the schedule
  /// included.
  package var predictedPeak: Int
  /// The same as the ledger saw it.
  package var measuredPeak: Int
  /// Forward steps run the first time.
  package var forwardSteps: Int
  /// Forward steps run again.
  package var replayedSteps: Int
  /// Backward and update steps run.
  package var backwardSteps: Int
  /// FLOPs of the forward steps run the first time.
  package var forwardCost: Int
  /// FLOPs of the forward steps run again.
  package var replayedCost: Int
  /// FLOPs of the backward and update steps.
  package var backwardCost: Int
  /// Schedules run.
  package var runs: Int
  /// Most bytes on the slower tier at once; 0 where no schedule used it.
  package var tierPeak = 0
  /// Bytes moved to the slower tier and back.
  package var tierTraffic = 0
  /// Bytes of the largest arena that a schedule ran in: its peak, and what gaps cost.
  package var reserved = 0
}
