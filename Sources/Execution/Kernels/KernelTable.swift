package import Graphs
package import Tensors

/// A compiled instruction: pointers and loop bounds are fixed, running it allocates nothing.
package typealias Instruction = () -> Void

/// The meaning of each operation in numbers.
package enum KernelTable {
  /// The instruction that writes `results` from `operands`.
  ///
  /// Shapes and types are those that the shape rule gives. The first result may start where an
  /// operand starts if `Operation.reusableOperands` says so for that operand; else no two of them
  /// overlap. `scratch` has `Operation.scratchBytes` bytes. An operation on an index outside its
  /// axis, or in arithmetic that leaves the whole numbers of i32, sets `context.fault`. `update`
  /// and an `accumulate` in place write their operands and have no results.
  ///
  /// A long instruction works in pieces and asks `context` between them whether to stop.
  package static func instruction(
    for operation: Operation, operands: [BufferView], results: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    switch operation {
    case .update(let rule, let limit, let isScaled):
      return update(
        rule, limit: limit, isScaled: isScaled, operands: operands, scratch: scratch,
        context: context)
    case .accumulate(let isInPlace):
      return accumulate(
        operands[0], operands[1], into: isInPlace ? operands[0] : results[0], context: context)
    case .exchange(let exchange):
      return self.exchange(exchange, operands, into: results, scratch: scratch, context: context)
    default: break
    }
    if results.allSatisfy({ $0.count == 0 }) { return {} }
    if case .layerNormAdjoint = operation, operands.count == 4, let scratch {
      return layerNormAdjointWithMeans(operation, operands, results, scratch, context)
    }
    if let scratch, (operands + results).contains(where: \.dtype.isShort),
      let way = operation.shortWay(
        operands: operands.map(\.type), results: results.map(\.type))
    {
      return short(
        way, of: operation, operands, results, scratch: scratch, context: context)
    }
    let result = results[0]
    return switch operation {
    case .unary(let function):
      unary(function, of: operands[0], into: result, context: context)
    case .unaryAdjoint(let function):
      unaryAdjoint(function, operands[0], operands[1], into: result, context: context)
    case .binary(let function):
      binary(function, operands[0], operands[1], into: result, context: context)
    case .scalar(let function, let number, let numberFirst):
      scalar(
        function, operands[0], number, numberFirst: numberFirst, into: result, context: context)
    case .select:
      select(operands[0], operands[1], operands[2], into: result, context: context)
    case .clip(let low, let high):
      clip(operands[0], low: low, high: high, into: result, context: context)
    case .clipAdjoint(let low, let high):
      clipAdjoint(
        operands[0], operands[1], low: low, high: high, into: result, context: context)
    case .cast: cast(operands[0], into: result, context: context)
    case .broadcast: broadcast(operands[0], into: result, context: context)
    case .matmul(let left, let right):
      matmul(
        operands[0], operands[1], transposeLeft: left, transposeRight: right, into: result,
        context: context)
    case .conv2d, .conv2dTranspose, .conv2dWeights:
      convolution(operation, operands, into: result, scratch: scratch, context: context)
    case .maxPool(let pooling):
      pool(pooling, greatest: true, operands[0], into: result, context: context)
    case .averagePool(let pooling):
      pool(pooling, greatest: false, operands[0], into: result, context: context)
    case .maxPoolAdjoint(let pooling):
      poolAdjoint(pooling, operands[0], of: operands[1], into: result, context: context)
    case .averagePoolAdjoint(let pooling, height: _, width: _):
      poolAdjoint(pooling, operands[0], of: nil, into: result, context: context)
    case .pad(let padding, let number):
      pad(operands[0], padding, with: number, into: result, context: context)
    case .reduce(let reduction, let axes, _):
      reduce(
        operation, reduction, operands[0], axes: axes, into: result, scratch: scratch,
        context: context)
    case .argReduce(let extremum, let axis):
      argReduce(extremum, operands[0], axis: axis, into: result, context: context)
    case .permute(let order):
      permute(operands[0], order: order, into: result, context: context)
    case .concat(let axis): concat(operands, axis: axis, into: result, context: context)
    case .slice(let slices): slice(operands[0], slices, into: result, context: context)
    case .unslice(let slices, _):
      unslice(operands[0], slices, into: result, context: context)
    case .take(let axis):
      take(operation, operands[0], operands[1], axis: axis, into: result, context: context)
    case .takeAdjoint(let axis, _):
      takeAdjoint(
        operation, operands[0], operands[1], axis: axis, into: result, scratch: scratch,
        context: context)
    case .gather(let axis):
      gather(operation, operands[0], operands[1], axis: axis, into: result, context: context)
    case .gatherAdjoint(let axis, _):
      gatherAdjoint(operation, operands[0], operands[1], axis: axis, into: result, context: context)
    case .topIndices: topIndices(operands[0], into: result, context: context)
    case .cumulativeSum(let axis, let reversed):
      cumulativeSum(operands[0], axis: axis, reversed: reversed, into: result, context: context)
    case .triangle(let upper, let diagonal):
      triangle(operands[0], upper: upper, diagonal: diagonal, into: result, context: context)
    case .oneHot(let classes, _):
      oneHot(operation, operands[0], classes: classes, into: result, context: context)
    case .softmax(let axis): softmax(operands[0], axis: axis, into: result, context: context)
    case .softmaxAdjoint(let axis):
      softmaxAdjoint(operands[0], operands[1], axis: axis, into: result, context: context)
    case .logSoftmax(let axis):
      logSoftmax(operands[0], axis: axis, into: result, context: context)
    case .logSoftmaxAdjoint(let axis):
      logSoftmaxAdjoint(operands[0], operands[1], axis: axis, into: result, context: context)
    case .logSumExp(let axis, _): logSumExp(operands[0], axis: axis, into: result, context: context)
    case .crossEntropy(let rule) where rule != .plain:
      crossEntropy(
        operation, rule, operands[0], operands[1], into: result, scratch: scratch, context: context)
    case .crossEntropyAdjoint(let rule) where rule != .plain:
      crossEntropyAdjoint(
        operation, rule, operands, into: result, scratch: scratch, context: context)
    case .linearCrossEntropy(let rule, let pieces):
      linearCrossEntropy(
        operation, rule, pieces: pieces, operands, into: results, scratch: scratch,
        context: context)
    case .linearCrossEntropyAdjoint(let parts, let rule, let pieces):
      linearCrossEntropyAdjoint(
        operation, parts, rule, pieces: pieces, operands, into: results, scratch: scratch,
        context: context)
    case .pairLoss(let loss):
      pairLoss(loss, operands[0], operands[1], into: result, context: context)
    case .pairLossAdjoint(let loss):
      pairLossAdjoint(loss, operands, into: result, context: context)
    case .crossEntropy:
      crossEntropy(operation, operands[0], operands[1], into: result, context: context)
    case .crossEntropyAdjoint:
      crossEntropyAdjoint(
        operation, operands[0], operands[1], operands[2], into: result, context: context)
    case .layerNorm(let epsilon):
      layerNorm(operands, epsilon: epsilon, into: results, context: context)
    case .layerNormAdjoint(let parts):
      layerNormAdjoint(operands, parts, into: results, context: context)
    case .normalize(let kind, let epsilon):
      normalize(
        kind, operands, epsilon: epsilon, into: results, scratch: scratch, context: context)
    case .normalizeAdjoint(let kind, let parts):
      normalizeAdjoint(kind, operands, parts, into: results, scratch: scratch, context: context)
    case .attention(let form): attention(form, operands, into: results, context: context)
    case .attentionAdjoint(let form, let parts):
      attentionAdjoint(form, operands, parts, into: results, context: context)
    case .cell(let cell): Self.cell(cell, operands, into: results, context: context)
    case .cellAdjoint(let cell): cellAdjoint(cell, operands, into: results, context: context)
    case .dropout(let rate, let site):
      dropout(operands[0], rate: rate, site: site, into: result, context: context)
    case .random(let distribution, _, _, let site):
      random(distribution, site: site, into: result, context: context)
    case .fill(let value, _, _): fill(value, into: result, context: context)
    case .stopGradient:
      operands[0].pointer == result.pointer
        ? {} : broadcast(operands[0], into: result, context: context)
    case .range(let start, let step, _, count: _):
      range(start, step, into: result, context: context)
    case .literal(let numbers, _, _): literal(numbers, into: result, context: context)
    case .gradientScale(let norm, let limit, let lossScale):
      gradientScale(
        operands, norm: norm, limit: limit, lossScale: lossScale, into: result, scratch: scratch,
        context: context)
    case .update, .accumulate, .exchange: {}
    }
  }
}
