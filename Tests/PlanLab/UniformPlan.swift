package import Experiments
package import Schedules
import Tensors

/// Plans on a hand-made workload: a chain of layers, each a forward step of 1 KiB and a backward
/// step that reads the layer's input and value; a parameter of 256 B stands outside.
package enum UniformPlan {
  package static func workload(layers: Int) -> Workload {
    var steps: [Step] = []
    for layer in 0..<layers {
      steps.append(
        Step(
          inputs: layer == 0 ? [] : [layer - 1], bytes: 1024, cost: 1000, label: "layer#\(layer)",
          operation: "layer", name: layer == 1 ? "hidden" : nil, origin: .init(line: layer + 1)))
    }
    steps.append(
      Step(
        inputs: [layers - 1], bytes: 4, label: "loss#\(layers)", operation: "loss", isResult: true,
        origin: .init(line: layers + 1)))
    for layer in (0..<layers).reversed() {
      let adjoint = layer == layers - 1 ? [] : [steps.count - 1]
      steps.append(
        Step(
          inputs: adjoint + [layer], bytes: 1024, scratch: 128, cost: 2000, phase: .backward,
          label: "layer'#\(steps.count)", operation: "layer_adjoint", isResult: layer == 0,
          isGradient: layer == 0, differentiates: layer, origin: .init(line: layer + 1)))
    }
    return Workload(
      steps: steps, marks: (0..<layers).map { .init(step: $0, label: "layer \($0)") },
      inputBytes: 512)
  }

  package static func plan(
    layers: Int, _ strategy: String = "keep_all", _ options: [String: Catalogue.OptionValue] = [:]
  ) throws -> Plan {
    let workload = workload(layers: layers)
    let strategy = try Catalogue.make(strategy, options)
    return try plan(
      of: try strategy.schedule(workload), on: workload, spelling: strategy.spelling)
  }

  package static func plan(
    of schedule: Schedule, on workload: Workload, spelling: String = "by_hand"
  ) throws -> Plan {
    var base = Account()
    base[.parameters] = 256
    return Plan(
      strategy: spelling, workload: workload, schedule: schedule,
      rehearsal: try Rehearsal.of(schedule, workload), base: base)
  }
}
