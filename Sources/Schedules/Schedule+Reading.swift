import Writing

extension Schedule.Action {
  /// What it does, in a word.
  package var verb: String {
    switch self {
    case .compute: "compute"
    case .free: "free"
    case .offload: "offload"
    case .fetch: "fetch"
    }
  }

  /// How the action reads aloud: `compute relu#12`, `compute relu#12 in place of matmul#11`,
  /// `free layer_norm#5.mean`.
  package func reading(in workload: Workload) -> String {
    switch self {
    case .compute(let step, reusing: nil): return "compute \(workload.fullLabel(ofStep: step))"
    case .compute(let step, reusing: let input?):
      return "compute \(workload.fullLabel(ofStep: step)) in place of "
        + workload.label(ofValue: input)
    case .free(let value): return "free \(workload.label(ofValue: value))"
    case .offload(let value): return "offload \(workload.label(ofValue: value))"
    case .fetch(let value): return "fetch \(workload.label(ofValue: value))"
    }
  }
}

extension Workload {
  /// The label of a step with what else is in it; `step 9` where there is none of that number.
  package func fullLabel(ofStep step: Int) -> String {
    steps.indices.contains(step) ? steps[step].fullLabel : "step \(step)"
  }

  /// The label of a step; `step 9` where there is none of that number.
  package func label(ofStep step: Int) -> String {
    steps.indices.contains(step) ? steps[step].label : "step \(step)"
  }

  /// The label of a value; `value 9` where there is none of that number.
  package func label(ofValue value: Int) -> String {
    guard (0..<valueCount).contains(value) else { return "value \(value)" }
    let maker = maker(of: value)
    return steps[maker].label(ofResult: value - values(of: maker).lowerBound)
  }
}

extension Schedule {
  /// The printed form: one action a line, numbered from 0.
  package func printed(in workload: Workload) -> String {
    actions.enumerated().map { "\($0.offset): \($0.element.reading(in: workload))" }
      .joined(separator: "\n")
  }
}

extension Schedule.Note {
  /// How the note reads: `chose bisect`, `proven optimal: replays cost 12 FLOPs`.
  package var reading: String {
    switch self {
    case .chose(let spelling): return "chose \(spelling)"
    case .provenOptimal(let cost): return "proven optimal: replays cost \(cost) FLOPs"
    case .bounded(let cost, let bound):
      return "replays cost \(cost) FLOPs, at least \(bound) are needed"
    case .notProvenOptimal(let states, let cost, let bound, let gap):
      let percent = (gap * 1000).rounded(.down) / 10
      return "not proven optimal: the search ended at its limit of \(states) states; replays cost "
        + "\(cost) FLOPs, at least \(bound) are needed: a gap of \(percent) % of all"
    }
  }
}

extension ChainAction {
  /// How the action reads aloud: `advance 0→2`, `keep boundary 0`, `record stage 3`.
  package var reading: String {
    switch self {
    case .keep(let boundary): "keep boundary \(boundary)"
    case .drop(let boundary): "drop boundary \(boundary)"
    case .restore(let boundary): "restore boundary \(boundary)"
    case .advance(let from, let to): "advance \(from)→\(to)"
    case .record(let stage): "record stage \(stage)"
    case .reverse(let stage): "reverse stage \(stage)"
    case .offload(let boundary): "offload boundary \(boundary)"
    case .fetch(let boundary): "fetch boundary \(boundary)"
    }
  }

  /// The verb and its numbers, as the machine mode prints it: `["advance", 0, 2]`.
  package var parts: (verb: String, numbers: [Int]) {
    switch self {
    case .keep(let boundary): ("keep", [boundary])
    case .drop(let boundary): ("drop", [boundary])
    case .restore(let boundary): ("restore", [boundary])
    case .advance(let from, let to): ("advance", [from, to])
    case .record(let stage): ("record", [stage])
    case .reverse(let stage): ("reverse", [stage])
    case .offload(let boundary): ("offload", [boundary])
    case .fetch(let boundary): ("fetch", [boundary])
    }
  }
}

extension ChainPlan {
  /// The printed form: one action a line, numbered from 0.
  package var printed: String {
    actions.enumerated().map { "\($0.offset): \($0.element.reading)" }.joined(separator: "\n")
  }
}

extension Workload {
  /// The printed form: one step a line, with inputs, what it makes, scratch and FLOPs.
  ///
  /// A step with one result has its bytes after the inputs; one with several lists each result by
  /// its label.
  package var printed: String {
    steps.enumerated().map { number, step in
      let inputs = step.inputs.map(label(ofValue:)).joined(separator: ", ")
      let made = step.results.enumerated().map { place, value in
        (step.results.count > 1 ? "\(step.label(ofResult: place)) " : "")
          + ByteFormat.text(value.bytes)
          + (step.results.count > 1 && value.isResult ? " (result)" : "")
      }.joined(separator: " + ")
      let scratch = step.scratch == 0 ? "" : ", scratch \(ByteFormat.text(step.scratch))"
      let isOnlyResult = step.results.count == 1 && step.results[0].isResult
      return "\(number): \(step.phase) \(step.fullLabel)(\(inputs)) "
        + (step.results.isEmpty ? ByteFormat.text(0) : made)
        + "\(scratch), \(step.cost) FLOPs\(isOnlyResult ? ", result" : "")"
    }.joined(separator: "\n")
  }
}

extension Chain {
  /// The printed form: one stage a line.
  package var printed: String {
    stages.enumerated().map { number, stage in
      "\(number): \(stage.label), boundary \(ByteFormat.text(stage.boundaryBytes)), "
        + "recorded \(ByteFormat.text(stage.recordedBytes)), "
        + "scratch \(ByteFormat.text(stage.scratch)), "
        + "\(stage.forwardCost) FLOPs forward, \(stage.backwardCost) backward"
    }.joined(separator: "\n")
  }
}
