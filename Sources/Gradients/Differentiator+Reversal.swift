import Graphs
import Tensors

/// The adjoint of a reversal: its input is computed from its value, so that nothing inside it is
/// kept.
extension Differentiator {
  /// Differentiates a reversal from its last node back (Gomez et al. 2017, algorithm 1).
  ///
  /// G's nodes are copied onto y₁, which gives x₂ = y₂ − G(y₁), and the copies are differentiated;
  /// then F's onto x₂, which gives x₁ = y₁ − F(x₂). The copies are backward nodes: they read the
  /// parameters again, and draw the masks of their sites again. The forward values inside are not
  /// read. Where the value of the reversal was itself rebuilt, by a reversal after it, the rebuilt
  /// one is read, so that of a row of reversals only the last value is. Rounding makes x₁ and x₂
  /// near what they were, and not always equal.
  ///
  /// Adjoints that came to values inside from outside, past the output, go to the copies.
  mutating func reverse(
    _ reversal: Graph.Reversal, adjoint: Operand
  ) throws(GradientError) {
    let output = builder.graph.nodes[reversal.output]
    begin(reversal.output)
    let half = output.operands[0].shape
    let y1: Operand
    let y2: Operand
    if let rebuilt = rebuilt[.node(reversal.output)] {
      (y1, y2) = try halves(of: rebuilt.reshaped(output.shape), shape: half)
    } else {
      (y1, y2) = try slices(of: builder.graph.value(reversal.output), shape: half)
    }
    let (above1, above2) = try halves(of: adjoint.reshaped(output.shape), shape: half)

    var copies = [reversal.y1: y1]
    stand(y1, for: reversal.y1)
    let copiesOfG = copy(reversal.nodesOfG, &copies)
    let g = moved(reversal.g, copies)
    let x2 = try emit(.binary(.subtract), [y2, g])
    try contributeWanted(above1, to: y1)
    try contributeWanted(above2, to: g)
    try moveAdjoints(of: reversal.nodesOfG, copies)
    try moveAdjoints(of: reversal.y1..<reversal.y1 + 1, copies)
    try sweep(copiesOfG)
    let below1 = takeAdjoint(of: y1.origin)?.reshaped(half)

    begin(reversal.output)
    copies[reversal.x2] = x2
    stand(x2, for: reversal.x2)
    let copiesOfF = copy(reversal.nodesOfF, &copies)
    let f = moved(reversal.f, copies)
    let x1 = try emit(.binary(.subtract), [y1, f])
    try contributeWanted(above2, to: x2)
    if let below1 { try contributeWanted(below1, to: f) }
    try moveAdjoints(of: reversal.nodesOfF, copies)
    try moveAdjoints(of: reversal.x2..<reversal.x2 + 1, copies)
    try sweep(copiesOfF)
    let below2 = takeAdjoint(of: x2.origin)?.reshaped(half)

    begin(reversal.output)
    let axis = Operation.concat(axis: output.shape.rank - 1)
    if case .node = reversal.input.origin {
      rebuilt[reversal.input.origin] = try emit(axis, [x1, x2])
    }
    if let below1, let below2, wants(reversal.input) {
      try contribute(try emit(axis, [below1, below2]), to: reversal.input)
    }
  }

  /// Copies nodes, in their order, to the end of the graph; operands for which `copies` has another
  /// are replaced. Gives the numbers of the copies.
  private mutating func copy(_ nodes: Range<Int>, _ copies: inout [Int: Operand]) -> Range<Int> {
    let start = builder.graph.nodes.count
    for index in nodes {
      let node = builder.graph.nodes[index]
      builder.append(
        node.replacing(
          operands: node.operands.map { moved($0, copies) }, region: .some(nil),
          name: .some(nil), differentiates: .some(forwardNode(of: index))))
      let copy = builder.graph.nodes.count - 1
      copies[index] = builder.graph.value(copy)
      stand(copy, for: index)
    }
    for index in nodes {
      guard let inner = reversals[index] else { continue }
      let numbers = [inner.x1, inner.x2, inner.y1, inner.y2, inner.output].compactMap {
        copies[$0]?.node
      }
      guard numbers.count == 5 else { continue }
      reversals[numbers[4]] = Graph.Reversal(
        input: moved(inner.input, copies), x1: numbers[0], x2: numbers[1],
        f: moved(inner.f, copies), y1: numbers[2], g: moved(inner.g, copies), y2: numbers[3],
        output: numbers[4])
    }
    return start..<builder.graph.nodes.count
  }

  /// The use of the value that stands for an operand's; the operand where none does.
  private func moved(_ operand: Operand, _ copies: [Int: Operand]) -> Operand {
    guard let copy = operand.node.flatMap({ copies[$0] }) else { return operand }
    guard operand.result > 0, let node = copy.node else { return operand.reading(copy.origin) }
    // Nodes with several results are copied whole: only a half, which has one, is stood for by
    // another node's.
    return operand.reading(.node(node, result: operand.result))
  }

  /// Lets a backward value have an adjoint, where the node that it stands for is to have one.
  private mutating func stand(_ value: Operand, for index: Int) {
    if let node = value.node { stand(node, for: index) }
    adjoints[value.origin] = nil
  }

  /// Lets the values of a backward node have adjoints, where the node that it stands for is to have
  /// some.
  private mutating func stand(_ node: Int, for index: Int) {
    while wantsNode.count <= node { wantsNode.append(false) }
    wantsNode[node] = wantsNode[index]
  }

  private mutating func contributeWanted(
    _ contribution: Operand, to operand: Operand
  ) throws(GradientError) {
    if wants(operand) { try contribute(contribution, to: operand) }
  }

  /// Adds the adjoints that have come to nodes to those of the values that stand for them.
  private mutating func moveAdjoints(
    of nodes: Range<Int>, _ copies: [Int: Operand]
  ) throws(GradientError) {
    for index in nodes {
      for result in builder.graph.nodes[index].results.indices {
        let value = builder.graph.value(index, result: result)
        guard let adjoint = takeAdjoint(of: value.origin) else { continue }
        try contributeWanted(adjoint, to: moved(value, copies))
      }
    }
  }

  /// Both halves of a backward value along its last axis: what was joined, where the value is a
  /// concat of them.
  private mutating func halves(
    of operand: Operand, shape: Shape
  ) throws(GradientError) -> (Operand, Operand) {
    if let index = operand.node, index >= forwardCount {
      let node = builder.graph.nodes[index]
      if node.operation == .concat(axis: operand.shape.rank - 1), node.shape == operand.shape,
        node.operands.map(\.shape) == [shape, shape]
      {
        return (node.operands[0], node.operands[1])
      }
    }
    return try slices(of: operand, shape: shape)
  }

  private mutating func slices(
    of operand: Operand, shape: Shape
  ) throws(GradientError) -> (Operand, Operand) {
    let axis = shape.rank - 1
    func half(_ start: Int) -> Operation {
      .slice(
        shape.axes.enumerated().map {
          AxisSlice(start: $0.offset == axis ? start : 0, count: $0.element)
        })
    }
    return (
      try emit(half(0), [operand]), try emit(half(axis >= 0 ? shape[axis] : 0), [operand])
    )
  }
}
