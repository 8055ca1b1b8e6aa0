import Gradients
package import Graphs
import Schedules
import Tensors

extension Sharing {
  /// The figures of a plan whose parameters are updated by a rule; `nil` for one that was not made
  /// of a graph.
  ///
  /// A parameter that the block reads as a copy of two bytes alone is counted as ZeRO counts it
  /// (section 3.1): the copy and its gradient are the parameter and the gradient, the parameter
  /// itself goes with the moments.
  package init?(_ plan: Plan, updatedBy rule: UpdateRule?) {
    guard let joint = plan.joint, plan.nodes.count == plan.workload.steps.count else { return nil }
    let graph = joint.graph
    let split = TensorSplit(joint)
    let copies = ShortCopies(joint)
    var (parameters, gradients, optimizer) = (Part(), Part(), Part())
    let targets = Set(joint.gradients.map(\.input))
    for (input, fact) in graph.inputs.enumerated() {
      let places = split.places(ofInput: input)
      let read = copies.type(ofInput: input) ?? fact.dtype
      let bytes = fact.shape.byteCount(of: read)
      if fact.kind == .parameter { parameters.add(bytes, places: places) }
      guard targets.contains(input) else { continue }
      gradients.add(bytes, places: places)
      if read != fact.dtype { optimizer.add(fact.shape.byteCount(of: fact.dtype), places: places) }
      for moment in rule?.moments(of: fact.shape) ?? [] {
        optimizer.add(
          moment.byteCount(of: fact.dtype), places: moment == fact.shape ? places : nil)
      }
    }
    var activations = Part()
    if let turn = plan.turn {
      for life in LiveSet(plan).live(at: turn)
      where life.holding == .kept && life.range.lowerBound < turn {
        let node = plan.nodes[plan.workload.maker(of: life.value)]
        if !copies.isCopy(node) { activations.add(life.bytes, places: split.places(ofNode: node)) }
      }
    }
    self.init(
      parameters: parameters, gradients: gradients, optimizer: optimizer, activations: activations,
      stages: (try? Chain.find(in: plan.workload))?.stages.count ?? 1, heads: split.mostWorkers,
      isMixed: !copies.isEmpty)
  }
}

/// The copies of two bytes by which a graph reads parameters in mixed precision.
private struct ShortCopies {
  private var types: [Int: DType] = [:]
  private var nodes: Set<Int> = []

  /// True where no parameter is read so.
  var isEmpty: Bool { types.isEmpty }

  /// Looks through the forward nodes of a joint graph.
  init(_ joint: JointGraph) {
    let graph = joint.graph
    var others: Set<Int> = []
    for node in 0..<joint.forwardCount {
      for operand in graph.nodes[node].operands {
        guard let input = operand.input, graph.inputs[input].kind == .parameter else { continue }
        if case .cast(let dtype) = graph.nodes[node].operation, dtype.isShort {
          types[input] = dtype
          nodes.insert(node)
        } else {
          others.insert(input)
        }
      }
    }
    for input in others { types[input] = nil }
    nodes = nodes.filter { node in
      graph.nodes[node].operands.allSatisfy { $0.input.map { types[$0] != nil } ?? false }
    }
  }

  /// The type of the copy of a parameter; `nil` where it is read as it is.
  func type(ofInput input: Int) -> DType? { types[input] }

  /// True for a node that makes such a copy.
  func isCopy(_ node: Int) -> Bool { nodes.contains(node) }
}
