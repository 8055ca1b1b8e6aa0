import Graphs

extension JointGraph {
  /// Who asks for a value of its own.
  private enum Asker {
    case state(Int)
    case loss
    case output(Int)
  }

  /// The same joint graph in which the loss, each output and each new state is the value of a node
  /// of its own.
  ///
  /// A result that is an input as it stands, or that another result is already, becomes a copy of
  /// it: a node that broadcasts to the same shape. So what a run hands out is made by its schedule,
  /// and a training step that writes an input in place has read it before. A copy stands right
  /// behind the node that it copies, in the same region; a copy of an input ends the forward pass.
  package func separatingResults() -> JointGraph {
    var taken: Set<Operand.Origin> = []
    // Copies by the node that they stand before, and who asked for each.
    var copies: [[(source: Operand, asker: Asker)]] = []
    func separate(_ result: Operand, _ asker: Asker) {
      if result.node != nil, taken.insert(result.origin).inserted { return }
      if copies.isEmpty { copies = Array(repeating: [], count: graph.nodes.count + 1) }
      copies[result.node.map { $0 + 1 } ?? forwardCount].append((result, asker))
    }
    for (number, update) in graph.stateUpdates.enumerated() {
      separate(update.value, .state(number))
    }
    separate(loss, .loss)
    for (number, output) in graph.outputs.enumerated() { separate(output, .output(number)) }
    return copies.isEmpty ? self : inserting(copies)
  }

  private func inserting(_ copies: [[(source: Operand, asker: Asker)]]) -> JointGraph {
    var joint = self
    var nodes: [Node] = []
    var renumbering = Renumbering()
    var replaced: [(result: Operand, asker: Asker)] = []
    for place in copies.indices {
      for (source, asker) in copies[place] {
        let made = source.node.map { graph.nodes[$0] }
        replaced.append(
          (Operand(.node(nodes.count), shape: source.shape, dtype: source.dtype), asker))
        nodes.append(
          Node(
            operation: .broadcast(source.shape), operands: [source.renumbered(renumbering)],
            results: [TensorType(source.shape, source.dtype)], region: made?.region,
            place: made?.place ?? .nowhere))
      }
      guard place < graph.nodes.count else { break }
      renumbering.append(nodes.count)
      nodes.append(graph.nodes[place])
      Node.renumber(&nodes[nodes.count - 1], renumbering)
    }
    joint.graph.nodes = nodes
    joint.forwardCount += replaced.count
    joint.renumberUses(renumbering)
    defer { _ = joint.graph.asserted("the separation of results") }
    for (result, asker) in replaced {
      switch asker {
      case .state(let update):
        let input = graph.stateUpdates[update].input
        joint.graph.stateUpdates[update] = Graph.StateUpdate(input: input, value: result)
      case .loss:
        joint.loss = result
        joint.graph.result = result
      case .output(let number): joint.graph.outputs[number] = result
      }
    }
    return joint
  }

  /// Lets all that refers to nodes follow them. Reversals go: differentiation is done with them.
  private mutating func renumberUses(_ renumbering: Renumbering) {
    graph.result = graph.result?.renumbered(renumbering)
    graph.outputs = graph.outputs.map { $0.renumbered(renumbering) }
    graph.stateUpdates = graph.stateUpdates.map {
      Graph.StateUpdate(input: $0.input, value: $0.value.renumbered(renumbering))
    }
    graph.marks = graph.marks.map { $0.at(renumbering[$0.node] ?? $0.node) }
    graph.reversals = []
    loss = loss.renumbered(renumbering)
    gradients = gradients.map {
      Gradient(input: $0.input, value: $0.value?.renumbered(renumbering))
    }
    exchanges = exchanges.map {
      Exchanged(node: renumbering[$0.node] ?? $0.node, inputs: $0.inputs)
    }
    updates = updates.map {
      Update(
        input: $0.input, accumulator: $0.accumulator, moments: $0.moments,
        node: renumbering[$0.node] ?? $0.node)
    }
  }
}

extension JointGraph {
  /// The same joint graph in which each gradient has a value: where the loss does not depend on an
  /// input, zeros, which the last nodes make.
  package func completingGradients() -> JointGraph {
    var joint = self
    for (number, gradient) in gradients.enumerated() where gradient.value == nil {
      let input = graph.inputs[gradient.input]
      let last = joint.graph.nodes.last
      joint.graph.nodes.append(
        Node(
          operation: .fill(0, input.dtype, input.shape), operands: [],
          results: [TensorType(input.shape, input.dtype)], place: last?.place ?? .nowhere,
          differentiates: last?.differentiates))
      joint.gradients[number] = Gradient(
        input: gradient.input, value: joint.graph.value(joint.graph.nodes.count - 1))
    }
    return joint
  }
}
