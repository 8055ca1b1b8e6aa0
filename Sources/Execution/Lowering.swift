package import Gradients
package import Graphs
package import Schedules
import Tensors

/// A joint graph as strategies see it, and what stands behind it: the one place where a workload is
/// made.
///
/// - Each node has a step of its number, which has a value for each result of the node. A step's
///   inputs are the values that it reads, each once; what stands outside is no input, but
///   parameters, states and moments that it reads are its `reads`, and what an update writes is its
///   `writes`.
/// - Results are the loss, the outputs, the new values of states, and the gradients; in training, a
///   gradient that an update consumes is none. The loss, each output and each new state is a value
///   of its own: `JointGraph.separatingResults()`.
/// - A step may take over the storage of an input that it reads once, where neither is a result:
///   results lie in storages of their own.
/// - `inputBytes` are those of the data that the first stage starts from: the first data input that
///   a forward step reads.
package final class Lowering: Sendable {
  /// The joint graph that is run.
  package let joint: JointGraph
  /// What strategies see of it.
  package let workload: Workload

  /// With `isTraining`, updates consume the gradients of what they write.
  package init(_ joint: JointGraph, isTraining: Bool) {
    self.joint = joint.separatingResults()
    let graph = self.joint.graph
    var values: [Range<Int>] = []
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let first = values.last?.upperBound ?? 0
      values.append(first..<first + node.results.count)
    }
    let roles = Roles(self.joint, values, isTraining: isTraining)
    var origins = Origins()
    var workload = Workload(
      steps: graph.nodes.indices.map { roles.step($0, from: origins.origin($0, in: graph)) },
      regions: graph.regions.map { Workload.Region(parent: $0.parent, saved: $0.saved) },
      marks: graph.marks.map {
        Workload.Mark(step: $0.node, label: $0.label, isElement: $0.isElement)
      },
      inputBytes: roles.bytesOfFirstData)
    workload.exchanges = self.joint.sendings
    self.workload = workload
  }

  /// The value that an operand reads; `nil` for an input.
  package func value(of operand: Operand) -> Int? {
    operand.node.map { workload.values(of: $0).lowerBound + operand.result }
  }
}

/// Where steps come from. Nodes of one call of a layer share what is written down of it, and a node
/// shares with the one that it differentiates.
private struct Origins {
  private var made: [Step.Origin] = []

  /// The origin of a node, which is asked for in the order of the nodes.
  mutating func origin(_ index: Int, in graph: Graph) -> Step.Origin {
    let place = graph.nodes[index].place
    let forward = graph.nodes[index].differentiates ?? max(index - 1, 0)
    var origin: Step.Origin
    if forward < made.count, graph.nodes[forward].place.layers == place.layers {
      origin = made[forward]
      (origin.source, origin.line) = (place.file, place.line)
    } else {
      origin = Step.Origin(
        source: place.file, line: place.line,
        layers: place.layers.map {
          Step.Origin.Layer(kind: $0.kind, path: $0.path, call: $0.number)
        })
    }
    made.append(origin)
    return origin
  }
}

/// What the nodes of a joint graph are to a workload.
private struct Roles {
  private let joint: JointGraph
  /// The values that hold each node's results.
  private let values: [Range<Int>]
  /// Of each value.
  private var isResult: [Bool]
  private var isGradient: [Bool]

  /// Finds which values are results and which are gradients; in training, gradients that updates
  /// consume are no results.
  init(_ joint: JointGraph, _ values: [Range<Int>], isTraining: Bool) {
    self.joint = joint
    self.values = values
    isResult = Array(repeating: false, count: values.last?.upperBound ?? 0)
    isGradient = isResult
    let updated = isTraining ? Set(joint.updates.map(\.input)) : []
    for gradient in joint.gradients {
      guard let value = gradient.value.flatMap(value) else { continue }
      isGradient[value] = true
      if !updated.contains(gradient.input) { isResult[value] = true }
    }
    for exchanged in joint.exchanges {
      // What it makes of gradients are gradients.
      for (operand, sum) in zip(joint.graph.nodes[exchanged.node].operands, values[exchanged.node])
      where self.value(of: operand).map({ isGradient[$0] }) == true {
        isGradient[sum] = true
      }
    }
    let values = joint.graph.outputs + joint.graph.stateUpdates.map(\.value)
    for result in [joint.loss] + values {
      if let value = value(of: result) { isResult[value] = true }
    }
  }

  /// The value that an operand reads; `nil` for an input.
  private func value(of operand: Operand) -> Int? {
    operand.node.map { values[$0].lowerBound + operand.result }
  }

  /// Bytes of the first data input that a forward step reads; 0 for none.
  var bytesOfFirstData: Int {
    for node in joint.graph.nodes[..<joint.forwardCount] {
      for operand in node.operands {
        if let input = operand.input, joint.graph.inputs[input].kind == .data {
          return joint.graph.inputs[input].shape.byteCount(of: operand.dtype)
        }
      }
    }
    return 0
  }

  /// The step of a node, which comes from `origin`.
  func step(_ index: Int, from origin: Step.Origin) -> Step {
    let node = joint.graph.nodes[index]
    let phase: Step.Phase =
      if node.operation.writesInPlace { .update } else if index < joint.forwardCount {
        .forward
      } else {
        .backward
      }
    var inputs: [Int] = []
    var reads: [Int] = []
    for operand in node.operands {
      switch operand.origin {
      case .node:
        if let value = value(of: operand), !inputs.contains(value) { inputs.append(value) }
      case .input(let input): if !reads.contains(input), isWritable(input) { reads.append(input) }
      }
    }
    // A block of any size can be planned. No machine runs what is cut off here, and the sums over
    // all steps fit an integer.
    let most = Int.max / (8 * (joint.graph.nodes.count + 1))
    let scratch = node.operation.scratchBytes(
      operands: node.operands.map { TensorType($0.shape, $0.dtype) }, results: node.results)
    let cost = node.operation.cost(operands: node.operands, results: node.results)
    let operation = node.isCopy ? "copy" : node.operation.name
    let label = "\(operation)#\(index)"
    let isFirstResult = values[index].first.map { isResult[$0] } ?? true
    return Step(
      inputs: inputs, results: results(of: index, label: label, most: most),
      scratch: min(most, scratch), cost: min(most, cost), phase: phase, label: label,
      operation: operation, region: node.region,
      reusable: isFirstResult ? [] : reusable(node), reads: reads,
      writes: phase == .update ? node.operands.first?.input : nil,
      differentiates: node.differentiates,
      origin: origin)
  }

  /// What a node makes, each of at most `most` bytes. The first has the step's label and the node's
  /// name; the others say which result they are.
  private func results(of index: Int, label: String, most: Int) -> [Step.Value] {
    let node = joint.graph.nodes[index]
    return zip(values[index], node.results).enumerated().map { place, result in
      let (value, type) = result
      return Step.Value(
        bytes: min(most, type.shape.byteCount(of: type.dtype)),
        name: place == 0 ? node.name : nil,
        label: place == 0 ? label : "\(label).\(node.operation.resultNames[place])",
        isResult: isResult[value], isGradient: isGradient[value])
    }
  }

  /// Can a run write it?
  private func isWritable(_ input: Int) -> Bool {
    switch joint.graph.inputs[input].kind {
    case .parameter, .state, .moment, .accumulator: true
    case .data, .constant: false
    }
  }

  private func reusable(_ node: Node) -> [Int] {
    let positions = node.operation.reusableOperands(
      operands: node.operands, results: node.results)
    return positions.compactMap { position in
      guard let source = value(of: node.operands[position]), !isResult[source],
        node.operands.count(where: { value(of: $0) == source }) == 1
      else { return nil }
      return source
    }
  }
}

extension JointGraph {
  /// What each node that exchanges something has all workers send.
  fileprivate var sendings: [Int: Workload.Sending] {
    var sendings: [Int: Workload.Sending] = [:]
    for exchanged in exchanges {
      let node = graph.nodes[exchanged.node]
      guard case .exchange(let exchange) = node.operation else { continue }
      let traffic = exchange.traffic(
        elements: node.operands.reduce(0) { $0 + $1.shape.count },
        width: node.operands.first?.dtype.byteWidth ?? 0)
      sendings[exchanged.node] = Workload.Sending(
        bytes: traffic.bytes, messages: traffic.messages)
    }
    return sendings
  }
}

extension Node {
  /// A broadcast that stretches nothing.
  fileprivate var isCopy: Bool {
    if case .broadcast(let shape) = operation { operands.first?.shape == shape } else { false }
  }
}
