import Graphs

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

extension RunSummary {
  /// FLOPs in all.
  var cost: Int { forwardCost.saturatingAdd(replayedCost).saturatingAdd(backwardCost) }

  /// One run of a plan, in an arena of so many bytes; the peaks are of all that was live.
  init(of planned: PlannedBlock, predicted: Int, measured: Int, reserved: Int = 0) {
    let rehearsal = planned.rehearsal
    self.init(
      strategy: planned.strategy, predictedPeak: predicted, measuredPeak: measured,
      forwardSteps: rehearsal.forwardSteps, replayedSteps: rehearsal.replayedSteps,
      backwardSteps: rehearsal.backwardSteps, forwardCost: rehearsal.forwardCost,
      replayedCost: rehearsal.replayedCost, backwardCost: rehearsal.backwardCost, runs: 1,
      tierPeak: rehearsal.tierPeak, tierTraffic: rehearsal.tierTraffic, reserved: reserved)
  }

  /// Adds other runs.
  mutating func add(_ other: RunSummary) {
    if strategy != other.strategy { strategy = "several" }
    predictedPeak = max(predictedPeak, other.predictedPeak)
    measuredPeak = max(measuredPeak, other.measuredPeak)
    forwardSteps += other.forwardSteps
    replayedSteps += other.replayedSteps
    backwardSteps += other.backwardSteps
    forwardCost += other.forwardCost
    replayedCost += other.replayedCost
    backwardCost += other.backwardCost
    runs += other.runs
    tierPeak = max(tierPeak, other.tierPeak)
    tierTraffic += other.tierTraffic
    reserved = max(reserved, other.reserved)
  }
}
