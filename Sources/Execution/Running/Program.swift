package import Gradients
package import Schedules
import Tensors

/// A schedule compiled against a joint graph: it is known where each value lies, and what each action does to the ledger.
///
/// `run` runs it once, as a gradient does; `bind` ties it to tensors that it runs on again and again, as training does.
/// A program holds no tensor.
package final class Program {
  package let joint: JointGraph
  package let workload: Workload
  package let schedule: Schedule
  package let rehearsal: Rehearsal
  let placement: Placement
  /// Bytes of the arena that a run reserves: the rehearsed peak, and what gaps cost.
  package var arenaBytes: Int { placement.byteCount }

  /// `workload` is `Workload(joint: joint, …)`, and `rehearsal` that of `schedule` on it: a schedule that its rehearsal
  /// refused must not come here.
  package init(
    joint: JointGraph, workload: Workload, schedule: Schedule, rehearsal: Rehearsal
  ) {
    self.joint = joint
    self.workload = workload
    self.schedule = schedule
    self.rehearsal = rehearsal
    placement = Placement(schedule, workload)
  }

  /// Throws `.inputCount` or `.input` where the tensors are not those that the graph was traced with.
  func check(_ inputs: [Tensor]) throws(ExecutionError) {
    let expected = joint.graph.inputs
    guard inputs.count == expected.count else {
      throw .inputCount(expected: expected.count, found: inputs.count)
    }
    for (index, (tensor, input)) in zip(inputs, expected).enumerated()
    where tensor.shape != input.shape || tensor.dtype != input.dtype {
      throw .input(
        index: index, name: input.name, expected: input.shape, input.dtype, found: tensor.shape,
        tensor.dtype)
    }
  }
}
