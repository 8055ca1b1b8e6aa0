package import Gradients
import Graphs
package import Schedules
import Tensors

extension Workload {
  package init(joint: JointGraph, isTraining: Bool) {
    let graph = joint.graph
    var results: Set<Int> = []
    if let node = joint.loss.node { results.insert(node) }
    var gradientNodes: Set<Int> = []
    for gradient in joint.gradients {
      guard let node = gradient.value?.node else { continue }
      gradientNodes.insert(node)
      if !isTraining { results.insert(node) }
    }
    for update in graph.stateUpdates { if let node = update.value.node { results.insert(node) } }
    var steps: [Step] = []
    for (index, node) in graph.nodes.enumerated() {
      var inputs: [Int] = []
      for operand in node.operands {
        if let source = operand.node, !inputs.contains(source) { inputs.append(source) }
      }
      let phase: Step.Phase =
        if case .update = node.operation { .update } else if index < joint.forwardCount {
          .forward
        } else { .backward }
      let isResult = results.contains(index)
      var reusable: [Int] = []
      if !isResult {
        for position in node.operation.reusableOperands(
          operands: node.operands, shape: node.shape, dtype: node.dtype)
        {
          if let source = node.operands[position].node, !results.contains(source),
            node.operands.filter({ $0.node == source }).count == 1
          {
            reusable.append(source)
          }
        }
      }
      var reads: [Int] = []
      for operand in node.operands {
        if let input = operand.input,
          graph.inputs[input].kind == .parameter
            || graph.inputs[input].kind == .state, !reads.contains(input)
        {
          reads.append(input)
        }
      }
      steps.append(
        Step(
          inputs: inputs, bytes: phase == .update ? 0 : node.shape.count * node.dtype.byteWidth,
          scratch: node.operation.scratchBytes(
            operands: node.operands.map { ($0.shape, $0.dtype) }, result: node.shape),
          cost: node.operation.cost(operands: node.operands, result: node.shape), phase: phase,
          label: "\(node.operation.name)#\(index)", operation: node.operation.name,
          name: node.name, region: node.region, isResult: isResult,
          isGradient: gradientNodes.contains(index), reusable: reusable, reads: reads,
          writes: phase == .update ? node.operands[0].input : nil, line: node.place.line))
    }
    self.init(
      steps: steps, regions: graph.regions.map { Region(parent: $0.parent) },
      marks: graph.marks.map { Mark(step: $0.node, label: $0.label) },
      inputBytes: graph.inputs.filter { $0.kind == .data }.map {
        $0.shape.count * $0.dtype.byteWidth
      }
      .max() ?? 0)
  }
}
