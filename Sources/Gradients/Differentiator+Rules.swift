import Graphs
import Tensors

/// The adjoint rule of each operation: from the adjoints of its results, contributions to its
/// operands.
///
/// Rules read as little as they can of the forward pass: where the derivative follows from the
/// value (tanh, exp, relu, softmax), the operand is not read.
extension Differentiator {
  /// Emits a node's contributions, in the order of its operands. `adjoints` has one entry a result,
  /// `nil` where none has come.
  mutating func differentiate(_ index: Int, adjoints: [Operand?]) throws(GradientError) {
    // Of an operation with one result, the only one.
    guard let adjoint = adjoints.lazy.compactMap(\.self).first else { return }
    let node = builder.graph.nodes[index]
    let value = builder.graph.value(index)
    switch node.operation {
    case .binary(let function):
      try differentiate(function, node, value: value, adjoint: adjoint)
    case .scalar(let function, let number, numberFirst: true):
      try differentiate(number, function, of: node.operands[0], value: value, adjoint: adjoint)
    case .scalar(let function, let number, numberFirst: false):
      try differentiate(function, number, of: node.operands[0], value: value, adjoint: adjoint)
    case .select:
      try differentiateSelect(node, adjoint: adjoint)
    case .matmul(let transposeLeft, let transposeRight):
      try differentiateMatmul(
        node, transposeLeft: transposeLeft, transposeRight: transposeRight, adjoint: adjoint)
    case .reduce(let reduction, let axes, keepDims: _):
      try differentiate(
        reduction, axes: axes, of: node.operands[0], value: value, adjoint: adjoint)
    case .concat(let axis):
      try differentiateConcat(node, axis: axis, adjoint: adjoint)
    case .pairLoss(let loss):
      try differentiatePairLoss(loss, node, adjoint: adjoint)
    case .linearCrossEntropy(let labels, let pieces):
      try differentiateLinearCrossEntropy(index, labels, pieces: pieces, adjoints: adjoints)
    case .layerNorm:
      try differentiateLayerNorm(index, adjoints: adjoints)
    case .normalize(let kind, epsilon: _):
      try differentiate(kind, index, adjoints: adjoints)
    case .attention(let form):
      try differentiate(form, index, adjoints: adjoints)
    case .cell(let cell):
      try differentiate(cell, index, adjoints: adjoints)
    case .conv2d(let convolution):
      try differentiate(convolution, of: node, adjoint: adjoint)
    case .conv2dTranspose(let convolution, height: _, width: _):
      try differentiateTransposed(convolution, of: node, adjoint: adjoint)
    case .conv2dWeights(let convolution, height: _, width: _):
      try differentiateWeights(convolution, of: node, adjoint: adjoint)
    case .unaryAdjoint(let function):
      try differentiateAdjoint(of: function, node, adjoint: adjoint)
    case .softmaxAdjoint(let axis):
      try differentiateSoftmaxAdjoint(node, axis: axis, adjoint: adjoint)
    case .logSoftmaxAdjoint(let axis):
      try differentiateLogSoftmaxAdjoint(node, axis: axis, adjoint: adjoint)
    case .crossEntropyAdjoint(let labels):
      try differentiateCrossEntropyAdjoint(node, labels, adjoint: adjoint)
    case .layerNormAdjoint, .maxPoolAdjoint, .pairLossAdjoint, .linearCrossEntropyAdjoint,
      .normalizeAdjoint, .attentionAdjoint, .cellAdjoint:
      try differentiateByFormula(index, adjoints: adjoints)
    default:
      if let part = try contribution(node, value: value, adjoint: adjoint) {
        try contribute(part, to: node.operands[0])
      }
    }
  }

  /// The contribution of an operation whose first operand alone has a gradient, and whose rule is
  /// one expression.
  private mutating func contribution(
    _ node: Node, value: Operand, adjoint: Operand
  ) throws(GradientError) -> Operand? {
    let operands = node.operands
    switch node.operation {
    case .unary(.negate): return try negated(adjoint)
    case .unary(.square): return try squareAdjoint(adjoint, operands[0])
    case .unary(let function):
      let saved = function.savesResult ? value : operands[0]
      return try emit(.unaryAdjoint(function), [adjoint.reshaped(saved.shape), saved])
    case .clip(let low, let high):
      return try emit(.clipAdjoint(low: low, high: high), [adjoint, operands[0]])
    case .clipAdjoint: return try emit(node.operation, [adjoint, operands[1]])
    case .cast: return try emit(.cast(operands[0].dtype), [adjoint])
    case .broadcast: return try collected(adjoint, to: operands[0].shape)
    case .permute(let order):
      var inverse = order
      for (axis, source) in order.enumerated() { inverse[source] = axis }
      return try emit(.permute(inverse), [adjoint])
    case .slice(let slices): return try emit(.unslice(slices, operands[0].shape), [adjoint])
    case .unslice(let slices, _): return try emit(.slice(slices), [adjoint])
    case .take(let axis):
      return try emit(.takeAdjoint(axis: axis, operands[0].shape), [adjoint, operands[1]])
    case .takeAdjoint(let axis, _): return try emit(.take(axis: axis), [adjoint, operands[1]])
    case .gather(let axis):
      return try emit(.gatherAdjoint(axis: axis, operands[0].shape), [adjoint, operands[1]])
    case .gatherAdjoint(let axis, _): return try emit(.gather(axis: axis), [adjoint, operands[1]])
    case .cumulativeSum(let axis, let reversed):
      return try emit(.cumulativeSum(axis: axis, reversed: !reversed), [adjoint])
    case .triangle: return try emit(node.operation, [adjoint])
    case .softmax(let axis): return try emit(.softmaxAdjoint(axis: axis), [adjoint, value])
    case .logSoftmax(let axis): return try emit(.logSoftmaxAdjoint(axis: axis), [adjoint, value])
    case .logSumExp(let axis, keepDims: _):
      let kept = adjoint.reshaped(operands[0].shape.reduced([axis], keepDims: true))
      return try product(kept, try emit(.softmax(axis: axis), [operands[0]]))
    case .crossEntropy(let labels):
      return try emit(
        .crossEntropyAdjoint(labels), [adjoint.reshaped(.scalar), operands[0], operands[1]])
    case .maxPool(let pooling):
      return try emit(.maxPoolAdjoint(pooling), [adjoint, operands[0]])
    case .averagePool(let pooling):
      let shape = operands[0].shape
      return try emit(
        .averagePoolAdjoint(pooling, height: shape[1], width: shape[2]), [adjoint])
    case .averagePoolAdjoint(let pooling, height: _, width: _):
      return try emit(.averagePool(pooling), [adjoint])
    case .pad(let padding, _):
      let slices = zip(padding, operands[0].shape.axes).map {
        AxisSlice(start: $0.before, count: $1)
      }
      return try emit(.slice(slices), [adjoint])
    case .dropout(let rate, let site):
      return try emit(.dropout(rate: rate, site: site), [adjoint])
    case .conv2d, .conv2dTranspose, .conv2dWeights:
      // `Differentiator+Convolution` has their rules.
      return nil
    case .binary, .scalar, .select, .matmul, .reduce, .concat, .layerNorm, .unaryAdjoint,
      .pairLoss, .linearCrossEntropy, .softmaxAdjoint, .logSoftmaxAdjoint, .crossEntropyAdjoint,
      .normalize, .attention, .cell, .layerNormAdjoint, .maxPoolAdjoint, .pairLossAdjoint,
      .linearCrossEntropyAdjoint, .normalizeAdjoint, .attentionAdjoint, .cellAdjoint:
      // `differentiate` has their rules.
      return nil
    case .argReduce, .topIndices, .oneHot, .stopGradient, .random, .fill, .range, .literal,
      .update, .gradientScale, .accumulate, .exchange:
      // No adjoint reaches these: `isDifferentiable` says so.
      return nil
    }
  }

  /// `where(c, a, b)`: g to a where c is not 0, and to b where it is.
  private mutating func differentiateSelect(
    _ node: Node, adjoint: Operand
  ) throws(GradientError) {
    let operands = node.operands
    let zero = try zero(adjoint.dtype)
    if wants(1, of: node) {
      let part = try emit(.select, [operands[0], adjoint, zero])
      try contribute(try collected(part, to: operands[1].shape), to: operands[1])
    }
    if wants(2, of: node) {
      let part = try emit(.select, [operands[0], zero, adjoint])
      try contribute(try collected(part, to: operands[2].shape), to: operands[2])
    }
  }

  /// The value with its sign turned; a fill where it is one.
  mutating func negated(_ operand: Operand) throws(GradientError) -> Operand {
    if constant(operand) != nil { return try scaled(operand, by: -1) }
    return try emit(.unary(.negate), [operand])
  }

  /// g · 2x.
  mutating func squareAdjoint(
    _ adjoint: Operand, _ operand: Operand
  ) throws(GradientError) -> Operand {
    if let constant = constant(adjoint) {
      return try emit(.scalar(.multiply, 2 * constant, numberFirst: false), [operand])
    }
    return try emit(.unaryAdjoint(.square), [adjoint.reshaped(operand.shape), operand])
  }

  /// `R = op(A) · op(B)`: dA = dR · op(B)ᵀ and dB = op(A)ᵀ · dR, transposes read and never made,
  /// summed over stretched batches.
  private mutating func differentiateMatmul(
    _ node: Node, transposeLeft: Bool, transposeRight: Bool, adjoint: Operand
  ) throws(GradientError) {
    let (a, b) = (node.operands[0], node.operands[1])
    if wants(0, of: node) {
      let part =
        transposeLeft
        ? try emit(.matmul(transposeLeft: transposeRight, transposeRight: true), [b, adjoint])
        : try emit(.matmul(transposeLeft: false, transposeRight: !transposeRight), [adjoint, b])
      try contribute(try collected(part, to: a.shape), to: a)
    }
    guard wants(1, of: node) else { return }
    var (left, right) = (a, adjoint)
    let isShared = b.shape.axes.dropLast(2).allSatisfy { $0 == 1 }
    if isShared, !transposeLeft, a.shape.rank > 2 {
      // One matrix for all batches: one product over all rows sums its adjoint.
      let rows = a.shape.axes.dropLast().reduce(1, *)
      left = a.reshaped([rows, a.shape[a.shape.rank - 1]])
      right = adjoint.reshaped([rows, adjoint.shape[adjoint.shape.rank - 1]])
    }
    let part =
      transposeRight
      ? try emit(.matmul(transposeLeft: true, transposeRight: transposeLeft), [right, left])
      : try emit(.matmul(transposeLeft: !transposeLeft, transposeRight: false), [left, right])
    try contribute(try collected(part, to: b.shape), to: b)
  }

  /// Sum: g spread; average: g / n spread; max and min: g shared equally among the entries that
  /// attain it.
  private mutating func differentiate(
    _ reduction: Reduction, axes: [Int], of operand: Operand, value: Operand, adjoint: Operand
  ) throws(GradientError) {
    let keptShape = operand.shape.reduced(axes, keepDims: true)
    let kept = adjoint.reshaped(keptShape)
    switch reduction {
    case .sum:
      try contribute(try spread(kept, to: operand.shape), to: operand)
    case .average:
      let terms = axes.reduce(1.0) { $0 * Double(operand.shape[$1]) }
      let share = try divided(kept, by: max(terms, 1))
      try contribute(try spread(share, to: operand.shape), to: operand)
    case .max, .min:
      let isBest = try emit(.binary(.equal), [operand, value.reshaped(keptShape)])
      let weights = try emit(.cast(operand.dtype), [isBest])
      let ties = try emit(.reduce(.sum, axes: axes, keepDims: true), [weights])
      let share = try emit(.binary(.divide), [kept, ties])
      try contribute(try product(share, weights), to: operand)
    }
  }

  /// The adjoint of a joined tensor, cut up again.
  private mutating func differentiateConcat(
    _ node: Node, axis: Int, adjoint: Operand
  ) throws(GradientError) {
    var start = 0
    for (position, operand) in node.operands.enumerated() {
      let length = operand.shape[axis]
      defer { start += length }
      guard wants(position, of: node) else { continue }
      if operand.shape == node.shape {
        try contribute(adjoint, to: operand)
        continue
      }
      let slices = operand.shape.axes.enumerated().map { other, count in
        AxisSlice(start: other == axis ? start : 0, count: count)
      }
      try contribute(try emit(.slice(slices), [adjoint]), to: operand)
    }
  }
}
