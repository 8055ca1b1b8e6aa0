import Graphs
import Tensors

/// Reversible blocks: before one is differentiated, its input is rebuilt from its output, and the adjoint rules then read what
/// was rebuilt in place of the forward pass's values.
extension Differentiator {
  /// Emits the rebuilding of a block: copies of G's and F's nodes, which draw the same random numbers, and the two differences.
  mutating func rebuild(_ block: Reversal) throws(GradientError) {
    let output = standIn(forNode: block.output)
    let axis = output.shape.rank - 1
    stand(try half(output, axis: axis, isSecond: false), inFor: block.y1)
    let y2 = try half(output, axis: axis, isSecond: true)
    try copyNodes(after: block.y1, upTo: block.y2)
    stand(try emit(.binary(.subtract), [y2, standIn(for: block.g)]), inFor: block.x2)
    try copyNodes(after: block.x2, upTo: block.y1)
    let y1 = standIn(forNode: block.y1)
    stand(try emit(.binary(.subtract), [y1, standIn(for: block.f)]), inFor: block.x1)
    // Between two blocks the boundary is rebuilt too; a layer of another kind keeps its own.
    if let source = block.input.node, isReversalOutput(source) {
      let whole = try emit(
        .concat(axis: axis), [standIn(forNode: block.x1), standIn(forNode: block.x2)])
      stand(whole.reshaped(block.input.shape), inFor: source)
    }
  }

  private mutating func half(
    _ operand: Operand, axis: Int, isSecond: Bool
  ) throws(GradientError) -> Operand {
    let width = operand.shape[axis] / 2
    let slices = operand.shape.axes.indices.map { index in
      index == axis
        ? AxisSlice(start: isSecond ? width : 0, count: width)
        : AxisSlice(start: 0, count: operand.shape[index])
    }
    return try emit(.slice(slices), [operand])
  }

  /// Copies the forward nodes between two, reading stand-ins where there are any.
  private mutating func copyNodes(after first: Int, upTo last: Int) throws(GradientError) {
    for index in (first + 1)..<max(first + 1, last) where !hasStandIn(index) {
      let node = builder.graph.nodes[index]
      let operands = node.operands.map { standIn(for: $0) }
      stand(try emit(node.operation, operands), inFor: index)
    }
  }
}
