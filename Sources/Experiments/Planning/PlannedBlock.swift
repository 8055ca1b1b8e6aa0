package import Gradients
package import Schedules
package import Tensors

/// A block with a strategy's schedule, rehearsed: ready to be compiled.
package struct PlannedBlock {
  package let joint: JointGraph
  package let workload: Workload
  package let schedule: Schedule
  package let rehearsal: Rehearsal
  /// The strategy's spelling.
  package let strategy: String

  /// What it comes to beside bytes that live outside the schedule.
  package func plan(beside base: Account) -> Plan {
    Plan(
      strategy: strategy, workload: workload, schedule: schedule, rehearsal: rehearsal, base: base)
  }
}
