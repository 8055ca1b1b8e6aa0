package import Graphs

extension GraphBuilder {
  /// Differentiates one number of a growing graph, by the nodes from `first` on, with respect to
  /// values that were there before; what else was there is constant. The adjoint nodes are forward
  /// nodes of the graph, which may be differentiated in their turn.
  ///
  /// Gives a gradient for each of `wrt`, in the shape it is read in, and `nil` where the number
  /// does not depend on one. Throws `GradientError` where an adjoint is no legal tensor, or a
  /// reversal lies in between: its input would be computed again, and no second time; or where
  /// `isCancelled`, which is asked every few hundred nodes, comes to be true.
  package mutating func differentiate(
    _ loss: Operand, wrt: [Operand], from first: Int,
    isCancelled: @escaping () -> Bool = { false }
  ) throws(GradientError) -> [Operand?] {
    var differentiator = Differentiator(
      continuing: self, from: first, wrt: wrt, isCancelled: isCancelled)
    if let reversal = graph.reversals.first(where: { reversal in
      reversal.x1 >= first && differentiator.wantsNode[reversal.output]
    }) {
      throw .noSecondAdjoint("reversible", graph.nodes[reversal.output].place)
    }
    try differentiator.sweep(from: loss, to: first)
    let gradients = wrt.map { value in
      let adjoint: Operand? =
        switch value.origin {
        case .input(let input): differentiator.inputAdjoints[input]
        case .node: differentiator.adjoints[value.origin]
        }
      return adjoint?.reshaped(value.shape)
    }
    self = differentiator.builder
    differentiates = nil
    return gradients
  }
}
