import Execution
package import Gradients
package import Schedules
package import Tensors

/// A block with a strategy's schedule, rehearsed: ready to be compiled.
package struct PlannedBlock {
  /// The block as other strategies may plan it.
  let subject: Subject
  /// The joint graph and the workload, and what connects them.
  let lowering: Lowering
  /// What is done, action by action.
  package let schedule: Schedule
  /// What that takes beside `base`, class by class.
  package let rehearsal: Rehearsal
  /// The strategy's spelling.
  package let strategy: String

  /// The joint graph that is run.
  package var joint: JointGraph { lowering.joint }
  /// What strategies see of it.
  package var workload: Workload { lowering.workload }

  /// What it comes to beside bytes that live outside the schedule.
  package func plan(beside base: Account) -> Plan {
    Plan(
      strategy: strategy, workload: workload, schedule: schedule, rehearsal: rehearsal, base: base,
      joint: joint, nodes: lowering.nodes, subject: subject)
  }
}
