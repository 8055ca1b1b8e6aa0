import Graphs
import Tensors

/// The adjoint rules of recurrent cells.
extension Differentiator {
  /// A gru's rule reads the gates that the cell has kept, and the state; an lstm's its operands. An
  /// adjoint comes to the gates of a gru only where a gradient inside the block has read them.
  mutating func differentiate(
    _ cell: RecurrentCell, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    var operands: [Operand] = []
    switch cell {
    case .gru:
      let gates = builder.graph.value(index, result: 1)
      if let other = adjoints[1] { try differentiateGates(node, gates, adjoint: other) }
      guard let adjoint = adjoints[0] else { return }
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

  /// From the adjoint of the gates r, z, c and b₂ of a gru to its operands a and b.
  private mutating func differentiateGates(
    _ node: Node, _ gates: Operand, adjoint: Operand
  ) throws(GradientError) {
    let gate = try parts(gates, count: 4)
    let (r, z, c, u) = (gate[0], gate[1], gate[2], gate[3])
    let above = try parts(adjoint.reshaped(gates.shape), count: 4)
    let slope = try times(above[2], try oneLess(try times(c, c)))
    let reset = try times(try plus(above[0], try times(slope, u)), try bend(r))
    let update = try times(above[1], try bend(z))
    if wants(0, of: node) {
      try contribute(try joined([reset, update, slope]), to: node.operands[0])
    }
    if wants(1, of: node) {
      let last = try plus(try times(slope, r), above[3])
      try contribute(try joined([reset, update, last]), to: node.operands[1])
    }
  }

  /// What `cellAdjoint(.gru)` gives, of its operands g, the gates and h.
  mutating func gruFormula(_ operands: [Operand]) throws(GradientError) -> [Operand] {
    let (g, h) = (operands[0], operands[2])
    let gate = try parts(operands[1], count: 4)
    let (r, z, c, u) = (gate[0], gate[1], gate[2], gate[3])
    let slope = try times(try times(g, try oneLess(z)), try oneLess(try times(c, c)))
    let reset = try times(try times(slope, u), try bend(r))
    let update = try times(try times(g, try minus(h, c)), try bend(z))
    return [
      try joined([reset, update, slope]), try joined([reset, update, try times(slope, r)]),
      try times(g, z),
    ]
  }

  /// What `cellAdjoint(.lstm)` gives, of the adjoints of both results, and the operands a and c.
  mutating func lstmFormula(_ operands: [Operand]) throws(GradientError) -> [Operand] {
    let (shown, cell, c) = (operands[0], operands[1], operands[3])
    let gate = try parts(operands[2], count: 4)
    let i = try emit(.unary(.sigmoid), [gate[0]])
    let f = try emit(.unary(.sigmoid), [gate[1]])
    let g = try emit(.unary(.tanh), [gate[2]])
    let o = try emit(.unary(.sigmoid), [gate[3]])
    let y = try emit(.unary(.tanh), [try plus(try times(f, c), try times(i, g))])
    let slope = try plus(
      cell, try times(try times(shown, o), try oneLess(try times(y, y))))
    return [
      try joined([
        try times(try times(slope, g), try bend(i)), try times(try times(slope, c), try bend(f)),
        try times(try times(slope, i), try oneLess(try times(g, g))),
        try times(try times(shown, y), try bend(o)),
      ]),
      try times(slope, f),
    ]
  }
}
