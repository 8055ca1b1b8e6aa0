import Reports
import Schedules
import Syntax
import Writing

extension Interpreter {
  /// Sets a learner's schedule beside the best there is: for the same slots where it holds one
  /// recording at a time (Griewank & Walther 2000), else for the same peak.
  func noteOptimum(_ planned: PlannedProgram) {
    guard case .learner = planned.strategy.kind else { return }
    if let chain = planned.schedule.chain {
      said.append(.note("\(name: planned.strategy.spelling): \(optimum(of: chain, planned))"))
    } else if let best = optimalCost(planned) {
      said.append(
        .note(
          """
          \(name: planned.strategy.spelling): \(flops: planned.rehearsal.replayedCost) FLOPs replayed; \
          the optimum within the same peak replays \(flops: best.replayedCost)
          """))
    }
  }

  private func optimum(of plan: ChainPlan, _ planned: PlannedProgram) -> String {
    let own = CountFormat.counted(plan.forwardStages, "forward step")
    if plan.mixedSlots == plan.slots {
      let least =
        plan.chain.length + Revolve.extra(plan.chain.length, slots: max(1, plan.slots))
      return "\(own); the optimum with \(CountFormat.counted(plan.slots, "slot")) is \(least)"
    }
    guard let best = optimalCost(planned), let chain = best.chain else {
      return "\(own) for \(CountFormat.counted(plan.chain.length, "stage"))"
    }
    return "\(own); the optimum within the same peak is \(min(chain, plan.forwardStages))"
  }

  /// The cheapest plan of the catalogue that peaks no higher.
  private func optimalCost(_ planned: PlannedProgram) -> (replayedCost: Int, chain: Int?)? {
    guard planned.schedule.chain.map({ $0.chain.length <= 200 }) ?? true,
      let schedule = try? Optimal(budget: planned.rehearsal.peak).schedule(planned.workload),
      let rehearsal = try? Rehearsal.of(schedule, planned.workload)
    else { return nil }
    return (
      min(rehearsal.replayedCost, planned.rehearsal.replayedCost), schedule.chain?.forwardStages
    )
  }
}
