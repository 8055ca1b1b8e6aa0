package import Graphs
import Tensors

extension JointGraph {
  /// Lets the run update parameters from their gradients: each of `parameters` (indices of inputs)
  /// that has a gradient gets the rule's moments as new inputs, and an update node.
  ///
  /// An update stands at the earliest place where nothing that can still run needs the old
  /// parameter: after its gradient is complete, after the last backward node that reads the
  /// parameter, and after the last one that reads a forward value which depends on the parameter,
  /// since that value may have to be computed again. On a chain, each layer is updated before the
  /// layer below it is differentiated (Lv et al. 2023, "LOMO", fuse gradient and update in the same
  /// way), so that its gradient dies at once. An update belongs to the forward node that the node
  /// before it differentiates.
  ///
  /// `gradients` stays as it is; a gradient that an update consumes need not outlive it.
  package mutating func addUpdates(_ rule: UpdateRule, parameters: [Int]) {
    let lastNeeds = lastNeedOfInputs()
    // Updates by the node they follow, in the order of the parameters.
    var following = [[Node]](repeating: [], count: graph.nodes.count)
    var order: [(parameter: Int, moments: Range<Int>)] = []
    for gradient in uniqueGradients(of: parameters) {
      guard let value = gradient.value, let source = value.node else { continue }
      let input = graph.inputs[gradient.input]
      let parameter = Operand(.input(gradient.input), shape: input.shape, dtype: input.dtype)
      let first = graph.inputs.count
      for moment in 1...max(rule.momentCount, 1) where moment <= rule.momentCount {
        graph.inputs.append(
          Input(
            kind: .moment, shape: input.shape, dtype: input.dtype,
            name: "\(input.name) moment \(moment)"))
      }
      let moments = first..<graph.inputs.count
      order.append((gradient.input, moments))
      let place = max(source, lastNeeds[gradient.input])
      following[place].append(
        Node(
          operation: .update(rule),
          operands: [parameter, value.reshaped(input.shape)]
            + moments.map { Operand(.input($0), shape: input.shape, dtype: input.dtype) },
          results: [], place: graph.nodes[source].place,
          differentiates: graph.nodes[place].differentiates))
    }
    insert(following, order: order)
  }

  /// The gradients of these inputs, each once.
  private func uniqueGradients(of parameters: [Int]) -> [Gradient] {
    var byInput: [Int: Gradient] = [:]
    for gradient in gradients { byInput[gradient.input] = gradient }
    return parameters.compactMap { byInput.removeValue(forKey: $0) }
  }

  /// For each input, the last backward node that reads it or a forward value which depends on it;
  /// −1 for none.
  ///
  /// One pass back over the nodes: the last need of a forward value is the latest of the backward
  /// nodes that read it and the last needs of the forward values made from it.
  private func lastNeedOfInputs() -> [Int] {
    var ofNodes = [Int](repeating: -1, count: graph.nodes.count)
    var ofInputs = [Int](repeating: -1, count: graph.inputs.count)
    for (index, node) in graph.nodes.enumerated().reversed() {
      let need = index < forwardCount ? ofNodes[index] : index
      for operand in node.operands {
        switch operand.origin {
        case .input(let input): ofInputs[input] = max(ofInputs[input], need)
        case .node(let source, result: _): ofNodes[source] = max(ofNodes[source], need)
        }
      }
    }
    return ofInputs
  }

  /// Puts nodes behind the nodes they follow, and records the updates.
  private mutating func insert(
    _ following: [[Node]], order: [(parameter: Int, moments: Range<Int>)]
  ) {
    var renumbering: [Int?] = []
    var shift = 0
    for (index, updates) in following.enumerated() {
      renumbering.append(index + shift)
      shift += updates.count
    }
    var nodes: [Node] = []
    nodes.reserveCapacity(graph.nodes.count + shift)
    var positions: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      nodes.append(node.renumbered(renumbering))
      for update in following[index] {
        if let parameter = update.operands[0].input { positions[parameter] = nodes.count }
        nodes.append(update.renumbered(renumbering))
      }
    }
    graph.nodes = nodes
    graph = graph.asserted("the addition of updates")
    // Updates follow backward nodes only: forward nodes, and all that refers to them, stay where
    // they are.
    gradients = gradients.map {
      Gradient(input: $0.input, value: $0.value?.renumbered(renumbering))
    }
    updates = updates.map { update in
      Update(
        input: update.input, moments: update.moments,
        node: renumbering[update.node] ?? update.node)
    }
    updates += order.compactMap { parameter, moments in
      positions[parameter].map { Update(input: parameter, moments: moments, node: $0) }
    }
  }
}
