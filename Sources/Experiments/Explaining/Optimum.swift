import Schedules

/// A plan beside the best there is: for the same slots where it holds one recording at a time
/// (Griewank & Walther 2000), else for the same peak.
package enum Optimum {
  /// Steps of a chain, forward and again: the plan's, and the fewest with so many slots.
  case slots(steps: Int, slots: Int, least: Int)
  /// The same, within the same peak.
  case peak(steps: Int, least: Int)
  /// A plan on a chain that is too long to say more.
  case unknown(steps: Int, stages: Int)
  /// FLOPs replayed by a plan that is on no chain: its own, and those of the best found within the
  /// same peak.
  case cost(replayed: Int, least: Int)
}

extension Workbench {
  /// What a plan could have been; `nil` where that is not known.
  package func optimum(beside plan: Plan) throws(ExperimentError) -> Optimum? {
    guard let chain = plan.schedule.chain else {
      return try cheapest(within: plan).map {
        .cost(replayed: plan.rehearsal.replayedCost, least: $0.replayedCost)
      }
    }
    let steps = chain.forwardStages
    if chain.mixedSlots == chain.slots {
      let extra = Revolve.extra(chain.chain.length, slots: max(1, chain.slots))
      return .slots(steps: steps, slots: chain.slots, least: chain.chain.length + extra)
    }
    guard let best = try cheapest(within: plan)?.steps else {
      return .unknown(steps: steps, stages: chain.chain.length)
    }
    return .peak(steps: steps, least: min(best, steps))
  }

  /// The cheapest plan of `optimal` that peaks no higher: FLOPs replayed, and steps where it works
  /// on a chain.
  private func cheapest(
    within plan: Plan
  ) throws(ExperimentError) -> (replayedCost: Int, steps: Int?)? {
    guard plan.schedule.chain.map({ $0.chain.length <= 200 }) ?? true else { return nil }
    let optimal = Optimal(budget: plan.rehearsal.peak)
    do {
      return try planner.refusing(optimal, beside: plan.base) { () throws(ScheduleError) in
        let schedule = try optimal.schedule(plan.workload)
        let rehearsal = try Rehearsal.of(schedule, plan.workload)
        return (
          min(rehearsal.replayedCost, plan.rehearsal.replayedCost), schedule.chain?.forwardStages
        )
      }
    } catch {
      if error.isRefusal { return nil }
      throw error
    }
  }
}
