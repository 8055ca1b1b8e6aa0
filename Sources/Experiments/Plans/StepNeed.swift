package import Schedules

/// What a step needs while it runs, whatever the schedule: the least any strategy can do with.
package struct StepNeed {
  package let inputs: Int
  /// 0 where the value takes over an input's storage.
  package let value: Int
  package let scratch: Int

  package var total: Int { inputs + value + scratch }

  package init(_ step: Step, in workload: Workload) {
    inputs = step.inputs.reduce(0) { $0 + workload.steps[$1].bytes }
    value = step.reusable.isEmpty ? step.bytes : 0
    scratch = step.scratch
  }

  /// The step that needs most, the first of equals; `nil` for an empty workload.
  package static func greatest(in workload: Workload) -> (step: Int, need: StepNeed)? {
    var best: (step: Int, need: StepNeed)?
    for (index, step) in workload.steps.enumerated() {
      let need = StepNeed(step, in: workload)
      if best == nil || need.total > best?.need.total ?? 0 { best = (index, need) }
    }
    return best
  }
}
