package import Schedules

/// What a step needs while it runs, whatever the schedule: the least any strategy can do with.
package struct StepNeed {
  /// Bytes of what it reads.
  package let inputs: Int
  /// Bytes of what it makes, without what takes over an input's storage.
  package let value: Int
  /// Bytes of scratch.
  package let scratch: Int

  /// Bytes in all that are live while the step runs, whatever else is.
  package var total: Int { inputs + value + scratch }

  /// What this step of the workload needs; an input that it may take over is not counted twice.
  package init(_ step: Step, in workload: Workload) {
    inputs = step.inputs.reduce(0) { $0 + workload.value($1).bytes }
    let made = step.results.reduce(0) { $0 + $1.bytes }
    value = made - (step.reusable.isEmpty ? 0 : step.results.first?.bytes ?? 0)
    scratch = step.scratch
  }

  /// The step that needs most of those that every schedule runs, the first of equals; `nil` where
  /// there is none. No schedule peaks below what it needs.
  package static func greatest(in workload: Workload) -> (step: Int, need: StepNeed)? {
    var best: (step: Int, need: StepNeed)?
    let isNeeded = workload.neededSteps
    for (index, step) in workload.steps.enumerated() where isNeeded[index] {
      let need = StepNeed(step, in: workload)
      if best == nil || need.total > best?.need.total ?? 0 { best = (index, need) }
    }
    return best
  }
}
