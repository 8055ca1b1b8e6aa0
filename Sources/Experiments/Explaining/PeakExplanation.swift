package import Schedules
import Tensors

/// The peak of a schedule: when, made of what, how low any schedule could go, and which strategies
/// go lower.
package struct PeakExplanation {
  /// What is live at the peak of one class of the account.
  package struct Share {
    /// As the account calls it.
    package let name: String
    /// In all.
    package let bytes: Int
    /// Of them, those outside the schedule.
    package let outside: Int
    /// The values of the schedule in it, the largest first.
    package let lives: [LiveSet.Life]
  }

  /// The plan whose peak it is.
  package let plan: Plan
  /// Strategies that peak lower, the lowest peak first, without those that another beats in both
  /// peak and FLOPs replayed, and last one that moves bytes instead; `nil` where the workload was
  /// too long to try any.
  package let lower: [Survey.Finding]?

  fileprivate init(_ plan: Plan, lower: [Survey.Finding]?) {
    self.plan = plan
    self.lower = lower
  }

  /// The action at which the peak is; `nil` for a schedule without actions.
  package var action: Int? {
    let action = plan.rehearsal.peakAction
    return plan.schedule.actions.indices.contains(action) ? action : nil
  }

  /// The step that the action computes; `nil` where it computes none.
  package var step: Int? {
    guard let action, case .compute(let step, _) = plan.schedule.actions[action],
      plan.workload.steps.indices.contains(step)
    else { return nil }
    return step
  }

  /// What the peak is made of, the largest class first.
  package var makeUp: [Share] {
    guard let action else { return [] }
    let moment = plan.rehearsal.peakFootprint
    let lives = LiveSet(plan).live(at: action)
    var shares = AccountClass.allCases.filter { plan.base[$0] > 0 }.map {
      Share(name: $0.description, bytes: plan.base[$0], outside: plan.base[$0], lives: [])
    }
    for holding in Holding.allCases where moment[holding] > 0 {
      let members = lives.filter { $0.holding == holding && $0.bytes > 0 }
      let name = "\(holding)"
      // Of a class that lives outside too, as gradients taken before do: one share.
      let place = shares.firstIndex { $0.name == name }
      let outside = place.map { shares.remove(at: $0).outside } ?? 0
      shares.insert(
        Share(name: name, bytes: outside + moment[holding], outside: outside, lives: members),
        at: place ?? shares.count)
    }
    return shares.sorted { $0.bytes > $1.bytes }
  }

  /// What the step at the peak itself needs, whatever the schedule; `nil` where there is none.
  package var need: StepNeed? {
    step.map { StepNeed(plan.workload.steps[$0], in: plan.workload) }
  }

  /// The step that needs most, below which no schedule can peak, in the workload that it is of:
  /// steps of several operations, or single ones, of which a budget may have either. `nil` where
  /// there is none.
  package var greatest: (workload: Workload, step: Int, need: StepNeed)? {
    let workloads = [plan.workload] + (plan.subject.map { $0.workloads } ?? [])
    return workloads.compactMap { workload in
      StepNeed.greatest(in: workload).map { (workload, $0.step, $0.need) }
    }.min { $0.2.total < $1.2.total }
  }
}

extension Workbench {
  /// Steps beyond which planning for an answer in words would take too long.
  private static let mostSteps = 20_000

  /// Explains the peak of a plan, trying other strategies on its workload.
  package func explainPeak(of plan: Plan) throws(ExperimentError) -> PeakExplanation {
    guard plan.workload.steps.count <= Workbench.mostSteps else {
      return PeakExplanation(plan, lower: nil)
    }
    let surroundings = Surroundings(outside: plan.base.total)
    let lower = try planner.hearing(of: "explain", beside: plan.base) {
      () throws(ScheduleError) in
      try Survey(plan).lower(than: plan.peak, beside: surroundings)
    }
    return PeakExplanation(plan, lower: lower.filter { $0.spelling != plan.strategy })
  }
}
