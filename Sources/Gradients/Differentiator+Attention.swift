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

  /// What `attentionAdjoint` gives, of its operands g, q, k, v, the mask, the logarithms of the
  /// sums, and delta: the matrix of scores is held here.
  mutating func attentionFormula(
    _ form: Attention, _ parts: [AttentionPart], _ operands: [Operand]
  ) throws(GradientError) -> [Operand] {
    let (sums, last) = (operands[operands.count - 2], operands[operands.count - 1])
    let rank = operands[1].shape.rank
    var wide: [Operand] = []
    for operand in operands[..<4] { wide.append(try cast(operand, to: sums.dtype)) }
    let (q, k, v) = (wide[1], wide[2], wide[3])
    var (g, delta) = (wide[0], last)
    if form.headsInside {
      let order = form.queries(inValue: Array(0..<(rank - 1)))
      g = try emit(.permute(order + [rank - 1]), [g])
      delta = try emit(.permute(order), [delta])
    }
    let column = Shape(sums.shape.axes + [1])
    var mask = form.isMasked ? operands[4] : nil
    if let added = mask, added.dtype.isFloating { mask = try cast(added, to: sums.dtype) }
    let scores: Operand
    do {
      scores = try builder.scores(form, q, k, mask: mask)
    } catch { throw .shape(error) }
    let weights = try emit(.unary(.exp), [try minus(scores, sums.reshaped(column))])
    let slopes = try minus(try matrices(g, v, transposeRight: true), delta.reshaped(column))
    let adjoint = try times(form.scale, try times(weights, slopes))
    var results: [Operand] = []
    for part in parts {
      switch part {
      case .q: results.append(try matrices(adjoint, k))
      case .k: results.append(try matrices(adjoint, q, transposeLeft: true))
      case .v: results.append(try matrices(weights, g, transposeLeft: true))
      }
    }
    return results
  }
}
