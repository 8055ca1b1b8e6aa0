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

extension Workload {
  /// For each step, whether a result or an update depends on it: a schedule may leave out the others.
  fileprivate var neededSteps: [Bool] {
    var isNeeded = steps.map { $0.isResult || $0.phase == .update }
    for index in steps.indices.reversed() where isNeeded[index] {
      for input in steps[index].inputs { isNeeded[input] = true }
    }
    return isNeeded
  }
}
