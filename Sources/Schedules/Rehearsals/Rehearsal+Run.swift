extension Rehearsal {
  /// Rehearses a schedule: checks that every action is legal and gives the timeline in bytes, class
  /// by class.
  ///
  /// Classes: a forward value made the first time is `kept` if some compute reads it at or after
  /// the first backward step, else `forward`; made again it is `replayed`, also after a fetch.
  /// Values of backward steps are `adjoints`, or `gradients`. Scratch is `workspace` while its step
  /// runs. A value that takes over an input's storage changes its class at the start.
  /// `Moment.during` is the highest total of the action, what was live before it included, the
  /// first of equals.
  ///
  /// Throws `.illegal` for the first action that breaks a rule; number `actions.count` means the
  /// end.
  package static func of(
    _ schedule: Schedule, _ workload: Workload
  ) throws(ScheduleError) -> Rehearsal {
    try of(schedule.actions, workload)
  }

  /// The same for actions alone.
  static func of(
    _ actions: [Schedule.Action], _ workload: Workload
  ) throws(ScheduleError) -> Rehearsal {
    var state = RehearsalState(actions, workload)
    var timeline = Timeline(capacity: actions.count)
    var peakAction = 0
    var peak = -1
    for number in actions.indices {
      if number % 4096 == 0 { try Planning.checkCancellation() }
      let before = state.footprint.total
      let running = try state.run(number)
      timeline.append(running)
      let during = Swift.max(running.total, before)
      if during > peak {
        peak = during
        peakAction = number
      }
    }
    try state.finish()
    return Rehearsal(
      timeline: timeline, holdings: state.passed, peakAction: peakAction, tierPeak: state.tierPeak,
      tierTraffic: state.tierTraffic, forwardSteps: state.forwardSteps,
      replayedSteps: state.replayedSteps, backwardSteps: state.backwardSteps,
      forwardCost: state.forwardCost, replayedCost: state.replayedCost,
      backwardCost: state.backwardCost)
  }
}
