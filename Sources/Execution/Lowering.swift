package import Gradients
import Graphs
package import Schedules
import Tensors

/// A joint graph as strategies see it, and what stands behind it: the one place where a workload is
/// made.
///
/// - Each node has a step, which has a value for each result of the node; with fusion, a step may
///   stand for several nodes (`Fusion`), and has the values of the last. A step's inputs are the
///   values that it reads, each once; what stands outside is no input, but parameters, states and
///   moments that it reads are its `reads`, and what an update writes is its `writes`.
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

  /// Of each node: the one before it in the group that is computed as one step; below 0 for none.
  let previous: [Int32]
  /// Of each step: the last of its nodes.
  package let nodes: [Int]
  /// The values that hold the nodes' results.
  package let values: ValueNumbers
  private let isTraining: Bool

  /// With `isTraining`, updates consume the gradients of what they write; with `fusing`, several
  /// nodes may be one step.
  package convenience init(_ joint: JointGraph, isTraining: Bool, fusing: Bool = false) {
    self.init(separated: joint.separatingResults(), isTraining: isTraining, fusing: fusing)
  }

  private init(separated joint: JointGraph, isTraining: Bool, fusing: Bool) {
    self.joint = joint
    self.isTraining = isTraining
    let graph = joint.graph
    let fusion = fusing ? Fusion(joint, isTraining: isTraining) : Fusion(none: joint)
    previous = fusion.previous
    nodes = fusion.order
    var stepOfNode = [Int32](repeating: 0, count: graph.nodes.count)
    for (step, last) in nodes.enumerated() {
      for member in fusion.members(last) { stepOfNode[member] = Int32(step) }
    }
    values = ValueNumbers(graph, ending: nodes)
    let roles = Roles(joint, values, previous, stepOfNode, isTraining: isTraining)
    let words = GraphWords(graph, ending: nodes, after: previous)
    var workload = Workload(
      steps: fusion.order.enumerated().map { roles.step($0, endingWith: $1, in: words) },
      regions: graph.regions.map { Workload.Region(parent: $0.parent, saved: $0.saved) },
      marks: graph.marks.map {
        Workload.Mark(step: Int(stepOfNode[$0.node]), label: $0.label, isElement: $0.isElement)
      },
      inputBytes: roles.bytesOfFirstData)
    for (node, sending) in joint.sendings { workload.exchanges[Int(stepOfNode[node])] = sending }
    self.workload = workload
  }

  /// The same with a step for each node.
  package var unfused: Lowering {
    Lowering(separated: joint, isTraining: isTraining, fusing: false)
  }

  /// True where a chain strategy finds the same stages here as where each node is a step. Throws
  /// only `.cancelled`.
  package var keepsStages: Bool {
    get throws(ScheduleError) {
      let own = try Chain.cuts(of: workload, workload.marks)
      let single = NodeSteps(joint)
      return own.elementsEqual(try Chain.cuts(of: single, single.marks)) { own, other in
        nodes[own.end] == other.end
          && own.value.map { nodes[workload.maker(of: $0)] } == other.value.map(single.maker)
      }
    }
  }

  /// True where a step stands for several nodes.
  package var isFused: Bool { nodes.count < joint.graph.nodes.count }
}

/// What the nodes of a joint graph are to a workload.
private struct Roles {
  private let joint: JointGraph
  /// The values that hold the nodes' results.
  private let values: ValueNumbers
  /// Of each node: the one before it in its step.
  private let previous: [Int32]
  /// Of each node: its step.
  private let stepOfNode: [Int32]
  /// Of each value.
  private var isResult: [Bool]
  private var isGradient: [Bool]

  /// Finds which values are results and which are gradients; in training, gradients that updates
  /// consume are no results.
  init(
    _ joint: JointGraph, _ values: ValueNumbers, _ previous: [Int32], _ stepOfNode: [Int32],
    isTraining: Bool
  ) {
    self.joint = joint
    self.values = values
    self.previous = previous
    self.stepOfNode = stepOfNode
    isResult = Array(repeating: false, count: values.count)
    isGradient = isResult
    let updated = isTraining ? Set(joint.updates.map(\.input)) : []
    for gradient in joint.gradients {
      guard let value = gradient.value.flatMap(values.value) else { continue }
      isGradient[value] = true
      if !updated.contains(gradient.input) { isResult[value] = true }
    }
    for exchanged in joint.exchanges {
      // What it makes of gradients are gradients.
      let node = joint.graph.nodes[exchanged.node]
      let first = values.first(of: exchanged.node) ?? 0
      for (operand, sum) in zip(node.operands, first..<first + node.results.count)
      where holdsGradient(operand) {
        isGradient[sum] = true
      }
    }
    let outside = joint.graph.outputs + joint.graph.stateUpdates.map(\.value)
    for result in [joint.loss] + outside {
      if let value = values.value(of: result) { isResult[value] = true }
    }
  }

  /// True of a gradient, and of the sum of a group's.
  private func holdsGradient(_ operand: Operand) -> Bool {
    if let input = operand.input { return joint.graph.inputs[input].kind == .accumulator }
    return values.value(of: operand).map { isGradient[$0] } == true
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

  /// The step of this number, which ends with a node and which `words` know.
  func step(_ number: Int, endingWith index: Int, in words: GraphWords) -> Step {
    let nodes = joint.graph.nodes
    let node = nodes[index]
    let members = Fusion.members(index, previous)
    let phase = joint.phase(of: index)
    var inputs = NumberList()
    var reads = NumberList()
    for operand in members.lazy.flatMap({ nodes[$0].operands }) {
      switch operand.origin {
      case .node:
        if let value = values.value(of: operand), !inputs.contains(value) { inputs.append(value) }
      case .input(let input): if !reads.contains(input), isWritable(input) { reads.append(input) }
      }
    }
    // A block of any size can be planned. No machine runs what is cut off here, and the sums over
    // all steps fit an integer.
    let most = Int.max / (8 * (nodes.count + 1))
    let scratch = Fusion.scratchBytes(members.map { nodes[$0] })
    let cost = members.reduce(0) { sum, member in
      let (operation, node) = (nodes[member].operation, nodes[member])
      return sum + min(most, operation.cost(operands: node.operands, results: node.results))
    }
    let first = node.results.isEmpty ? nil : values.first(of: index)
    let isFirstResult = first.map { isResult[$0] } ?? true
    return Step(
      inputs: inputs, results: results(of: index, most: most), scratch: min(most, scratch),
      cost: cost, phase: phase, operationCount: members.count, region: node.region,
      reusable: isFirstResult ? [] : reusable(members), reads: reads,
      writes: phase == .update ? node.operands.first?.input : nil,
      differentiates: node.differentiates.map { Int(stepOfNode[$0]) }, in: words, number: number)
  }

  /// What a node makes, each of at most `most` bytes.
  private func results(of index: Int, most: Int) -> StepResults {
    let types = joint.graph.nodes[index].results
    let first = values.first(of: index) ?? 0
    return StepResults(
      zip(first..., types).lazy.map { value, type in
        Step.Value(
          bytes: min(most, type.shape.byteCount(of: type.dtype)), isResult: isResult[value],
          isGradient: isGradient[value])
      })
  }

  /// Can a run write it?
  private func isWritable(_ input: Int) -> Bool {
    switch joint.graph.inputs[input].kind {
    case .parameter, .state, .moment, .accumulator: true
    case .data, .constant: false
    }
  }

  /// The values that the step of these nodes reads once, and may write over.
  private func reusable(_ members: [Int]) -> NumberList {
    let nodes = joint.graph.nodes
    let operands = members.flatMap { nodes[$0].operands }
    // What a group makes whole before its last node reads on would be written too early.
    guard members.count == 1 || Fusion.isInPieces(nodes[members[0]]) else { return [] }
    var reusable = NumberList()
    for member in members {
      let node = nodes[member]
      for position in node.operation.reusableOperands(
        operands: node.operands, results: node.results)
      {
        guard let source = values.value(of: node.operands[position]), !isResult[source],
          operands.count(where: { values.value(of: $0) == source }) == 1
        else { continue }
        reusable.append(source)
      }
    }
    return reusable
  }
}

extension JointGraph {
  /// Where in a training step a node belongs.
  fileprivate func phase(of node: Int) -> Step.Phase {
    if graph.nodes[node].operation.writesInPlace { return .update }
    return node < forwardCount ? .forward : .backward
  }

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
