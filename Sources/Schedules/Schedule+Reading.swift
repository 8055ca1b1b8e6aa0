import Writing

extension Schedule.Action {
  /// How the action reads aloud: `compute relu#12`, `compute relu#12 in place of matmul#11`, `free matmul#11`.
  package func reading(in workload: Workload) -> String {
    func label(_ step: Int) -> String {
      workload.steps.indices.contains(step) ? workload.steps[step].label : "step \(step)"
    }
    switch self {
    case .compute(let step, reusing: nil): return "compute \(label(step))"
    case .compute(let step, reusing: let input?):
      return "compute \(label(step)) in place of \(label(input))"
    case .free(let step): return "free \(label(step))"
    case .offload(let step): return "offload \(label(step))"
    case .fetch(let step): return "fetch \(label(step))"
    }
  }

  /// The step that the action is about.
  package var step: Int {
    switch self {
    case .compute(let step, reusing: _), .free(let step), .offload(let step), .fetch(let step): step
    }
  }
}

extension Schedule {
  /// The printed form: one action a line, numbered from 0.
  package func printed(in workload: Workload) -> String {
    actions.enumerated().map { "\($0.offset): \($0.element.reading(in: workload))" }
      .joined(separator: "\n")
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
  /// The printed form: one step a line, with inputs, bytes, scratch and FLOPs.
  package var printed: String {
    steps.enumerated().map { number, step in
      let inputs = step.inputs.map { steps[$0].label }.joined(separator: ", ")
      let scratch = step.scratch == 0 ? "" : ", scratch \(ByteFormat.text(step.scratch))"
      let result = step.isResult ? ", result" : ""
      return "\(number): \(step.phase) \(step.label)(\(inputs)) \(ByteFormat.text(step.bytes))"
        + "\(scratch), \(step.cost) FLOPs\(result)"
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
