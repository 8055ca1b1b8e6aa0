extension Rehearsal {
  /// Rehearses a schedule: checks that every action is legal, and finds the bytes of each class.
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
    _ actions: ActionList, _ workload: Workload
  ) throws(ScheduleError) -> Rehearsal {
    var state = RehearsalState(actions, workload)
    var (peakAction, peakFootprint) = (0, Footprint())
    var kept = 0
    var (pointOfNoReturn, liveThere, highestBehind) = (actions.count, 0, 0)
    for number in actions.indices {
      if number % 4096 == 0 { try Planning.checkCancellation() }
      let before = state.footprint
      let running = try state.run(number)
      let during = running.total > before.total ? running : before
      if during.total > peakFootprint.total { (peakAction, peakFootprint) = (number, during) }
      kept = max(kept, state.footprint.kept)
      if pointOfNoReturn == actions.count, workload.isFinal(actions[number]) {
        (pointOfNoReturn, liveThere) = (number, before.total)
      }
      if pointOfNoReturn < actions.count { highestBehind = max(highestBehind, during.total) }
    }
    try state.finish()
    return Rehearsal(
      actions: actions, workload: workload, holdings: state.passed, peakAction: peakAction,
      peakFootprint: peakFootprint, kept: kept, pointOfNoReturn: pointOfNoReturn,
      lastRise: max(0, highestBehind - liveThere), tierPeak: state.tierPeak,
      tierTraffic: state.tierTraffic, forwardSteps: state.forwardSteps,
      replayedSteps: state.replayedSteps, backwardSteps: state.backwardSteps,
      forwardCost: state.forwardCost, replayedCost: state.replayedCost,
      backwardCost: state.backwardCost)
  }

  /// One moment an action, of which there may be many: they are found anew each time that they are
  /// asked for.
  package var timeline: Timeline {
    var state = RehearsalState(actions, workload)
    var timeline = Timeline(capacity: actions.count)
    for number in actions.indices {
      // What has been rehearsed breaks no rule.
      guard let running = try? state.run(number) else { break }
      timeline.append(running)
    }
    return timeline
  }
}

extension Workload {
  /// True for an update, and for what other workers wait for: a pass that has come there is
  /// finished.
  fileprivate func isFinal(_ action: Schedule.Action) -> Bool {
    guard case .compute(let step, reusing: _) = action else { return false }
    return steps[step].phase == .update || exchanges[step] != nil
  }
}
