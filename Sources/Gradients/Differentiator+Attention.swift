import Graphs
import Tensors

/// The adjoint rule of attention.
extension Differentiator {
  /// The rule reads q, k, v, the mask, the value, and of each query the logarithm of its sum: the
  /// scores are computed again. With p = exp(scores − log sum) the adjoint of a score is p · (g · v
  /// − Σ g · value), to which an adjoint h of the logarithm adds p · h.
  mutating func differentiate(
    _ form: Attention, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    let value = builder.graph.value(index)
    let sums = builder.graph.value(index, result: 1)
    if form.isMasked, wants(node.operands[3]) { throw .maskOfAttention }
    let parts = AttentionPart.allCases.enumerated().filter { wants($0.offset, of: node) }
    let adjoint: Operand
    var delta: Operand
    if let given = adjoints[0] {
      adjoint = given.reshaped(value.shape)
      // What is taken from all columns is not rounded to a short type.
      let terms = try product(cast(adjoint, to: sums.dtype), cast(value, to: sums.dtype))
      delta = try emit(
        .reduce(.sum, axes: [value.shape.rank - 1], keepDims: false), [terms])
    } else {
      adjoint = try emit(.fill(0, value.dtype, value.shape), [])
      let queries = form.queries(inValue: sums.shape.axes)
      delta = try emit(.fill(0, sums.dtype, Shape(queries)), [])
    }
    if var other = adjoints[1]?.reshaped(sums.shape) {
      let order = form.queries(inValue: Array(0..<sums.shape.rank))
      if form.headsInside { other = try emit(.permute(order), [other]) }
      delta = try emit(.binary(.subtract), [delta, other])
    }
    let contributions = try emitAll(
      .attentionAdjoint(form, parts.map(\.element)),
      [adjoint] + node.operands + [sums, delta])
    for (part, contribution) in zip(parts, contributions) {
      try contribute(contribution, to: node.operands[part.offset])
    }
  }
}
