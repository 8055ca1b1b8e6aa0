package import Graphs
import Tensors

extension Operation {
  /// Bytes of scratch that the kernel uses beside operands and results; they are counted as
  /// workspace: what a kernel for wide floats uses of its own, and what f16 and bf16 are computed
  /// through (`ShortWay`).
  package func scratchBytes(operands: [TensorType], results: [TensorType]) -> Int {
    if case .layerNormAdjoint = self, operands.count == 4 {
      // The means, and then what the operation uses that is given them.
      let mean = operands[3]
      let given = Array(operands.prefix(3)) + [mean, mean]
      return mean.shape.byteCount(of: mean.dtype).lines
        + scratchBytes(operands: given, results: results)
    }
    return shortWay(operands: operands, results: results)?.scratchBytes
      ?? ownScratchBytes(operands: operands, results: results)
  }

  private func ownScratchBytes(operands: [TensorType], results: [TensorType]) -> Int {
    switch self {
    case .reduce, .takeAdjoint:
      // Sums of short floats are added up in f32.
      results.first.map { $0.dtype.isShort ? $0.shape.byteCount(of: .f32) : 0 } ?? 0
    case .normalize(.batch, epsilon: _):
      ChannelBlocks(operands[0].shape).scratchBytes(sums: 1)
    case .normalizeAdjoint(.batch, _):
      ChannelBlocks(operands[1].shape).scratchBytes(sums: 2, slopesOf: operands[1].dtype)
    case .normalize, .normalizeAdjoint, .attention, .attentionAdjoint, .cell, .cellAdjoint:
      0
    case .conv2d, .conv2dTranspose, .conv2dWeights:
      ConvolutionShapes(self, operands: operands, results: results)?.scratchBytes ?? 0
    case .maxPool, .maxPoolAdjoint, .averagePool, .averagePoolAdjoint, .pad:
      0
    case .stopGradient, .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint,
      .cast, .broadcast,
      .matmul, .argReduce, .permute, .concat, .slice, .unslice, .take,
      .gather, .gatherAdjoint, .topIndices, .cumulativeSum, .triangle,
      .oneHot, .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .crossEntropy(.plain), .crossEntropyAdjoint(.plain), .pairLoss, .pairLossAdjoint, .layerNorm,
      .layerNormAdjoint, .dropout, .random, .fill,
      .range, .literal, .accumulate:
      0
    case .crossEntropy:
      LabelRows.stateBytes(rows: operands[1].shape.count)
    case .crossEntropyAdjoint:
      LabelRows.stateBytes(rows: operands[2].shape.count)
        + operands[2].shape.count * operands[1].dtype.byteWidth
    case .linearCrossEntropy(_, let pieces):
      LabelRows.stateBytes(rows: operands[2].shape.count)
        + PiecewiseScores.bytes(
          rows: operands[2].shape.count, classes: operands[1].shape[1], pieces: pieces,
          operands[0].dtype)
    case .linearCrossEntropyAdjoint(_, _, let pieces):
      PiecewiseScores.bytes(
        rows: operands[3].shape.count, classes: operands[2].shape[1], pieces: pieces,
        operands[1].dtype)
    case .exchange(let exchange):
      exchange.scratchBytes(operands)
    case .update(let rule, limit: _, let isScaled):
      UpdateSums.scratchBytes(rule, Array(operands.dropLast(isScaled ? 1 : 0)))
    case .gradientScale(let norm, limit: _, let lossScale):
      norm.isFinite || lossScale != nil
        ? 8 * operands.reduce(0) { $0 + UpdateSums.parts(of: $1.shape.count) } : 0
    }
  }
}
