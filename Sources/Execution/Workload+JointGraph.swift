package import Gradients
import Graphs
package import Schedules
import Tensors

extension Workload {
  /// The joint graph as strategies see it.
  ///
  /// - Step i is node i. Its inputs are the values that it reads, each once; values that stand outside are no inputs, but
  ///   parameters, states and moments that it reads are its `reads`, and what an update writes is its `writes`.
  /// - Results are the loss, the new values of states, and the gradients; in training, a gradient that an update
  ///   consumes is none.
  /// - A step may take over the storage of an input that it reads once, where neither is a result: results lie in
  ///   storages of their own.
  /// - `inputBytes` are those of the data that the first stage starts from: the first data input that a forward step reads.
  package init(joint: JointGraph, isTraining: Bool) {
    let graph = joint.graph
    let roles = Roles(joint, isTraining: isTraining)
    self.init(
      steps: graph.nodes.indices.map { roles.step($0) },
      regions: graph.regions.map { Region(parent: $0.parent) },
      marks: graph.marks.map { Mark(step: $0.node, label: $0.label) },
      inputBytes: roles.bytesOfFirstData)
  }
}

/// What the nodes of a joint graph are to a workload.
private struct Roles {
  private let joint: JointGraph
  private var isResult: [Bool]
  private var isGradient: [Bool]
  /// The value that each node makes; an update makes none, and has the number of the next.
  private let values: [Int]

  init(_ joint: JointGraph, isTraining: Bool) {
    self.joint = joint
    isResult = Array(repeating: false, count: joint.graph.nodes.count)
    isGradient = isResult
    var values: [Int] = []
    var count = 0
    for node in joint.graph.nodes {
      values.append(count)
      if !node.operation.writesInPlace { count += 1 }
    }
    self.values = values
    let updated = isTraining ? Set(joint.updates.map(\.input)) : []
    for gradient in joint.gradients {
      guard let node = gradient.value?.node else { continue }
      isGradient[node] = true
      if !updated.contains(gradient.input) { isResult[node] = true }
    }
    for value in [joint.loss] + joint.graph.stateUpdates.map(\.value) {
      if let node = value.node { isResult[node] = true }
    }
  }

  var bytesOfFirstData: Int {
    for node in joint.graph.nodes[..<joint.forwardCount] {
      for operand in node.operands {
        if let input = operand.input, joint.graph.inputs[input].kind == .data {
          return operand.shape.byteCount(of: operand.dtype)
        }
      }
    }
    return 0
  }

  func step(_ index: Int) -> Step {
    let node = joint.graph.nodes[index]
    let phase: Step.Phase =
      if case .update = node.operation { .update } else if index < joint.forwardCount {
        .forward
      } else {
        .backward
      }
    var inputs: [Int] = []
    var reads: [Int] = []
    for operand in node.operands {
      switch operand.origin {
      case .node(let source):
        if !inputs.contains(values[source]) { inputs.append(values[source]) }
      case .input(let input): if !reads.contains(input), isWritable(input) { reads.append(input) }
      }
    }
    // A block of any size can be planned. No machine runs what is cut off here, and the sums over all steps fit an integer.
    let most = Int.max / (8 * (joint.graph.nodes.count + 1))
    let scratch = node.operation.scratchBytes(
      operands: node.operands.map { ($0.shape, $0.dtype) }, result: node.shape)
    let cost = node.operation.cost(operands: node.operands, result: node.shape)
    return Step(
      inputs: inputs,
      bytes: phase == .update ? 0 : min(most, node.shape.byteCount(of: node.dtype)),
      scratch: min(most, scratch), cost: min(most, cost), phase: phase,
      label: "\(node.operation.name)#\(index)", operation: node.operation.name, name: node.name,
      region: node.region, isResult: isResult[index], isGradient: isGradient[index],
      reusable: isResult[index] ? [] : reusable(node), reads: reads,
      writes: phase == .update ? node.operands.first?.input : nil,
      differentiates: node.differentiates, line: node.place.line)
  }

  /// Can a run write it?
  private func isWritable(_ input: Int) -> Bool {
    switch joint.graph.inputs[input].kind {
    case .parameter, .state, .moment: true
    case .data, .constant: false
    }
  }

  private func reusable(_ node: Node) -> [Int] {
    let positions = node.operation.reusableOperands(
      operands: node.operands, shape: node.shape, dtype: node.dtype)
    return positions.compactMap { position in
      guard let source = node.operands[position].node, !isResult[source],
        node.operands.count(where: { $0.node == source }) == 1
      else { return nil }
      return values[source]
    }
  }
}
