extension Rehearsal {
  /// Rehearses a schedule: checks that every action is legal and gives the timeline in bytes, class by class.
  ///
  /// Classes: a forward value computed the first time is `kept` if some compute reads it at or after the first
  /// backward step, else `forward`; computed again it is `replayed`, also after a fetch. Values of backward steps are `adjoints`,
  /// or `gradients`. Scratch is `workspace` while its step runs. A value that takes over an input's storage changes its class at the
  /// start. `Moment.during` is the highest total of the action, what was live before it included, the first of equals.
  ///
  /// Throws `.illegal` for the first action that breaks a rule; number `actions.count` means the end.
  package static func of(
    _ schedule: Schedule, _ workload: Workload
  ) throws(ScheduleError) -> Rehearsal {
    try of(schedule.actions, workload)
  }

  static func of(
    _ actions: [Schedule.Action], _ workload: Workload
  ) throws(ScheduleError) -> Rehearsal {
    var state = RehearsalState(actions, workload)
    var timeline: [Moment] = []
    timeline.reserveCapacity(actions.count)
    var holdings: [Holding?] = []
    holdings.reserveCapacity(actions.count)
    var peakAction = 0
    var peak = -1
    for number in actions.indices {
      let before = state.footprint
      let (running, holding) = try state.run(number)
      let during = running.total > before.total ? running : before
      timeline.append(Moment(during: during, after: state.footprint))
      holdings.append(holding)
      if during.total > peak {
        peak = during.total
        peakAction = number
      }
    }
    try state.finish()
    return Rehearsal(
      timeline: timeline, holdings: holdings, peakAction: peakAction, tierPeak: state.tierPeak,
      tierTraffic: state.tierTraffic, forwardSteps: state.forwardSteps,
      replayedSteps: state.replayedSteps, backwardSteps: state.backwardSteps,
      forwardCost: state.forwardCost, replayedCost: state.replayedCost,
      backwardCost: state.backwardCost)
  }
}
