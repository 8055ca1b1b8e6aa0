extension Operation {
  /// The same draw of random numbers at another site; `nil` for an operation that draws none, and
  /// `site` is not asked then.
  package func drawing(at site: () -> Int) -> Operation? {
    switch self {
    case .random(let distribution, let dtype, let shape, site: _):
      .random(distribution, dtype, shape, site: site())
    case .dropout(let rate, site: _):
      .dropout(rate: rate, site: site())
    case .stopGradient, .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint,
      .cast, .broadcast,
      .conv2d, .conv2dTranspose, .conv2dWeights, .maxPool, .maxPoolAdjoint, .averagePool,
      .averagePoolAdjoint, .pad,
      .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take, .takeAdjoint,
      .gather, .gatherAdjoint, .topIndices, .cumulativeSum, .triangle,
      .oneHot, .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .crossEntropy, .crossEntropyAdjoint, .layerNorm, .layerNormAdjoint, .fill, .range,
      .normalize, .normalizeAdjoint, .attention, .attentionAdjoint, .cell, .cellAdjoint,
      .literal, .update,
      .gradientScale, .accumulate, .exchange, .linearCrossEntropy, .linearCrossEntropyAdjoint,
      .pairLoss,
      .pairLossAdjoint:
      nil
    }
  }
}
