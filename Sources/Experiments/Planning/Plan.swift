package import Gradients
package import Schedules
package import Tensors

/// A schedule with all that is known of it: what `plan` gives.
package final class Plan {
  /// The strategy's spelling: `revolve(slots: 3)`.
  package let strategy: String
  /// What was planned: the steps and values that the schedule names.
  package let workload: Workload
  /// What is done, action by action.
  package let schedule: Schedule
  /// What that takes, class by class.
  package let rehearsal: Rehearsal
  /// Bytes that live outside the schedule while it runs: parameters, data, values.
  package let base: Account
  /// The joint graph that the workload is of; `nil` for a workload made by hand.
  package let joint: JointGraph?
  /// Of each step: the last of its nodes in the joint graph; empty for a workload made by hand.
  let nodes: [Int]
  /// What else strategies may plan; `nil` for a workload made by hand.
  let subject: Subject?

  /// A plan whose rehearsal is that of its schedule.
  package init(
    strategy: String, workload: Workload, schedule: Schedule, rehearsal: Rehearsal, base: Account,
    joint: JointGraph? = nil, nodes: [Int] = [], subject: Subject? = nil
  ) {
    self.strategy = strategy
    self.workload = workload
    self.schedule = schedule
    self.rehearsal = rehearsal
    self.base = base
    self.joint = joint
    self.nodes = nodes
    self.subject = subject
  }

  /// Peak bytes in all, what lives outside included.
  package var peak: Int { base.total + rehearsal.peak }

  /// Bytes that the schedule holds for the backward pass, most at once.
  package var kept: Int { rehearsal.kept }
}

extension Plan {
  /// The action with which the backward pass begins; `nil` where there is none.
  package var turn: Int? {
    schedule.actions.firstIndex { action in
      if case .compute(let step, _) = action, workload.steps.indices.contains(step) {
        return workload.steps[step].phase != .forward
      }
      return false
    }
  }
}
