import Tensors

extension Operation {
  /// The types of the values that this operation makes of operands: one, or as many as
  /// `resultNames`. An update makes none.
  ///
  /// Throws `ShapeError` where the operands do not fit; total: it never traps, whatever the
  /// operands and attributes are.
  package func resultTypes(of operands: [Operand]) throws(ShapeError) -> [TensorType] {
    try resultTypes(ofTypes: operands.map { TensorType($0.shape, $0.dtype) })
  }

  /// The same for operands of which only the types are known, as in plain evaluation.
  package func resultTypes(ofTypes types: [TensorType]) throws(ShapeError) -> [TensorType] {
    let rule = ShapeRule(operation: self, types: types)
    switch self {
    case .unary(let function): return [try rule.unary(function)]
    case .unaryAdjoint, .clipAdjoint: return [try rule.floatingPair()]
    case .binary(let function): return [try rule.binary(function)]
    case .scalar(let function, let number, numberFirst: _):
      return [try rule.scalar(function, number)]
    case .select: return [try rule.select()]
    case .clip(let low, let high): return [try rule.clip(low: low, high: high)]
    case .cast(let dtype): return [try rule.cast(dtype)]
    case .broadcast(let target): return [try rule.broadcast(to: target)]
    case .matmul(let transposeLeft, let transposeRight):
      return [try rule.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight)]
    case .conv2d(let convolution): return [try rule.conv2d(convolution)]
    case .conv2dTranspose(let convolution, let height, let width):
      return [try rule.conv2dTranspose(convolution, height: height, width: width)]
    case .conv2dWeights(let convolution, let height, let width):
      return [try rule.conv2dWeights(convolution, height: height, width: width)]
    case .maxPool(let pooling), .averagePool(let pooling): return [try rule.pool(pooling)]
    case .maxPoolAdjoint(let pooling): return [try rule.maxPoolAdjoint(pooling)]
    case .averagePoolAdjoint(let pooling, let height, let width):
      return [try rule.averagePoolAdjoint(pooling, height: height, width: width)]
    case .pad(let padding, let number): return [try rule.pad(padding, number)]
    case .reduce(let reduction, let axes, let keepDims):
      return [try rule.reduce(reduction, axes: axes, keepDims: keepDims)]
    case .argReduce(_, let axis): return [try rule.argReduce(axis: axis)]
    case .permute(let order): return [try rule.permute(order)]
    case .concat(let axis): return [try rule.concat(axis: axis)]
    case .slice(let slices): return [try rule.slice(slices)]
    case .unslice(let slices, let target): return [try rule.unslice(slices, target)]
    case .take(let axis): return [try rule.take(axis: axis)]
    case .takeAdjoint(let axis, let target): return [try rule.takeAdjoint(axis: axis, target)]
    case .gather(let axis): return [try rule.gather(axis: axis)]
    case .gatherAdjoint(let axis, let target): return [try rule.gatherAdjoint(axis: axis, target)]
    case .topIndices(let count): return [try rule.topIndices(count)]
    case .cumulativeSum(let axis, reversed: _): return [try rule.alongAxis(axis)]
    case .triangle: return [try rule.triangle()]
    case .oneHot(let classes, let dtype): return [try rule.oneHot(classes, dtype)]
    case .softmax(let axis), .logSoftmax(let axis): return [try rule.alongAxis(axis)]
    case .softmaxAdjoint(let axis), .logSoftmaxAdjoint(let axis):
      return [try rule.alongAxisAdjoint(axis)]
    case .logSumExp(let axis, let keepDims):
      return [try rule.logSumExp(axis: axis, keepDims: keepDims)]
    case .crossEntropy(let labels): return [try rule.crossEntropy(labels)]
    case .crossEntropyAdjoint(let labels): return [try rule.crossEntropyAdjoint(labels)]
    case .linearCrossEntropy(let labels, let pieces):
      return try rule.linearCrossEntropy(labels, pieces: pieces)
    case .linearCrossEntropyAdjoint(let parts, let labels, let pieces):
      return try rule.linearCrossEntropyAdjoint(parts, labels, pieces: pieces)
    case .pairLoss: return [try rule.pairLoss()]
    case .pairLossAdjoint: return [try rule.pairLossAdjoint()]
    case .layerNorm(let epsilon): return try rule.layerNorm(epsilon: epsilon)
    case .layerNormAdjoint(let parts): return try rule.layerNormAdjoint(parts)
    case .normalize(let kind, let epsilon): return try rule.normalize(kind, epsilon: epsilon)
    case .normalizeAdjoint(let kind, let parts): return try rule.normalizeAdjoint(kind, parts)
    case .attention(let form): return try rule.attention(form)
    case .attentionAdjoint(let form, let parts): return try rule.attentionAdjoint(form, parts)
    case .cell(let cell): return try rule.cell(cell)
    case .cellAdjoint(let cell): return try rule.cellAdjoint(cell)
    case .dropout(let rate, site: _): return [try rule.dropout(rate)]
    case .random(let distribution, let dtype, let shape, site: _):
      return [try rule.random(distribution, dtype, shape)]
    case .fill(let number, let dtype, let shape): return [try rule.fill(number, dtype, shape)]
    case .stopGradient: return [try rule.same()]
    case .range(let start, let step, let dtype, let count):
      return [try rule.range(start: start, step: step, dtype, count: count)]
    case .literal(let numbers, let dtype, let shape):
      return [try rule.literal(numbers, dtype, shape)]
    case .update(let update, limit: _, let isScaled):
      try rule.update(update, isScaled: isScaled)
      return []
    case .gradientScale: return [try rule.gradientScale()]
    case .accumulate(let isInPlace):
      let type = try rule.floatingPair()
      return isInPlace ? [] : [type]
    case .exchange(let exchange): return try rule.exchange(exchange)
    }
  }
}
