import Graphs
import Tensors

/// The adjoint rules of recurrent cells.
extension Differentiator {
  /// A gru's rule reads the gates that the cell has kept, and the state; an lstm's its operands. No
  /// gradient flows through the gates of a gru: nothing but this rule reads them.
  mutating func differentiate(
    _ cell: RecurrentCell, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    var operands: [Operand] = []
    switch cell {
    case .gru:
      guard let adjoint = adjoints[0] else { return }
      let gates = builder.graph.value(index, result: 1)
      operands = [adjoint.reshaped(node.shape), gates, node.operands[2]]
    case .lstm:
      for adjoint in adjoints {
        operands.append(
          try adjoint?.reshaped(node.shape) ?? emit(.fill(0, node.dtype, node.shape), []))
      }
      operands += node.operands
    }
    let contributions = try emitAll(.cellAdjoint(cell), operands)
    for position in node.operands.indices where wants(position, of: node) {
      try contribute(contributions[position], to: node.operands[position])
    }
  }
}
