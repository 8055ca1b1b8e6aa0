import Experiments
import PlanLab
import Schedules
import Testing

/// What `explain` and `why` say of a plan.
@Suite struct `Explanations of a plan` {
  @Test func `no strategy of the catalogue peaks below what explain calls the least`() throws {
    let workload = UniformPlan.workload(layers: 12)
    let least = try #require(StepNeed.greatest(in: workload)).need.total
    for name in ["keep_all", "keep_none", "marked", "sqrt_n", "bisect"] {
      let schedule = try Catalogue.make(name).schedule(workload)
      #expect(try Rehearsal.of(schedule, workload).peak >= least)
    }
  }

  @Test func `the bytes of what is live sum to the timeline, after every action`() throws {
    for (name, options) in [
      ("keep_all", [:]), ("keep_none", [:]), ("sqrt_n", [:]), ("every", ["k": .integer(3)]),
    ] as [(String, [String: Catalogue.OptionValue])] {
      let plan = try UniformPlan.plan(layers: 11, name, options)
      let live = LiveSet(plan)
      for action in plan.schedule.actions.indices {
        let sum = live.live(at: action).reduce(0) { $0 + $1.bytes }
        #expect(sum == plan.rehearsal.timeline[action].after.total)
      }
    }
  }
}
