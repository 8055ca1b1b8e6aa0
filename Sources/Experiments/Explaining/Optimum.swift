import Schedules

/// A plan beside the best there is: for the same slots where it holds one recording at a time
/// (Griewank & Walther 2000), else for the same peak.
package enum Optimum: Hashable, Sendable {
  /// What a plan replays.
  package struct Replays: Hashable, Sendable {
    /// Forward steps run again.
    package let steps: Int
    /// FLOPs of these steps.
    package let cost: Int
  }

  /// Stages run again: the plan's, and the fewest with so many slots.
  case slots(replayed: Int, slots: Int, least: Int)
  /// The plan replays more FLOPs than another within the same peak.
  case peak(Replays, least: Replays)
  /// Nothing that was tried within the same peak replays fewer FLOPs.
  case best(Replays)
  /// A plan on a chain that is too long to say more.
  case unknown(Replays)
}

extension Workbench {
  /// What a plan could have been; `nil` where that is not known.
  package func optimum(beside plan: Plan) throws(ExperimentError) -> Optimum? {
    let own = Optimum.Replays(plan.rehearsal)
    if let chain = plan.schedule.chain {
      if own.steps == 0 { return .best(own) }
      let least = Revolve.extra(chain.chain.length, slots: max(1, chain.slots))
      // A plan that records several stages at once may replay fewer.
      if chain.mixedSlots == chain.slots, chain.replayedStages >= least {
        return .slots(replayed: chain.replayedStages, slots: chain.slots, least: least)
      }
      if chain.chain.length > Workbench.mostStages { return .unknown(own) }
    }
    guard let best = try cheapest(within: plan) else { return nil }
    return best.cost < own.cost ? .peak(own, least: best) : .best(own)
  }

  /// Stages of the longest chain beside which the best plan is looked for.
  private static let mostStages = 200

  /// What the cheapest plan of `optimal` that peaks no higher replays; `nil` where there is none.
  private func cheapest(within plan: Plan) throws(ExperimentError) -> Optimum.Replays? {
    let optimal = Optimal(budget: plan.rehearsal.peak)
    do {
      return try planner.refusing(optimal, beside: plan.base) { () throws(ScheduleError) in
        let schedule = try optimal.schedule(plan.workload)
        return Optimum.Replays(try Rehearsal.of(schedule, plan.workload))
      }
    } catch {
      if error.isRefusal { return nil }
      throw error
    }
  }
}

extension Optimum.Replays {
  fileprivate init(_ rehearsal: Rehearsal) {
    self.init(steps: rehearsal.replayedSteps, cost: rehearsal.replayedCost)
  }
}
