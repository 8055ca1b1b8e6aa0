import Graphs
import Tensors

/// The adjoint rules of losses.
extension Differentiator {
  /// Of pairs: the rule reads both; what flows to the second follows from the first where the loss
  /// is of their difference, and is −a where it is a logit's.
  mutating func differentiatePairLoss(
    _ loss: PairLoss, _ node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (a, b) = (node.operands[0], node.operands[1])
    let g = adjoint.reshaped(.scalar)
    let isOfDifference = loss != .binaryCrossEntropy
    var slope: Operand?
    if wants(0, of: node) || isOfDifference {
      slope = try emit(.pairLossAdjoint(loss), [g, a, b])
    }
    if wants(0, of: node), let slope { try contribute(slope, to: a) }
    guard wants(1, of: node) else { return }
    if isOfDifference, let slope {
      try contribute(try negated(slope), to: b)
    } else {
      let share = try divided(try negated(g), by: Double(max(a.shape.count, 1)))
      try contribute(try emit(.binary(.multiply), [a, share]), to: b)
    }
  }

  /// The rule reads x, the weights, the labels, and of each row the logarithm of the sum of
  /// exponentials. What flows back through that, where a block reads it, is refused.
  mutating func differentiateLinearCrossEntropy(
    _ index: Int, _ labels: LabelRule, pieces: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    guard let adjoint = adjoints[0] else { return }
    let parts = ProductPart.allCases.enumerated().filter { wants($0.offset, of: node) }
    guard !parts.isEmpty else { return }
    let contributions = try emitAll(
      .linearCrossEntropyAdjoint(parts.map(\.element), labels, pieces: pieces),
      [adjoint.reshaped(.scalar)] + node.operands + [builder.graph.value(index, result: 1)])
    for (part, contribution) in zip(parts, contributions) {
      try contribute(contribution, to: node.operands[part.offset])
    }
  }
}
