extension Operation {
  /// How each result prints after a dot, in the order of `resultTypes`: `%3.mean`. The name of a
  /// first result is empty where it is the operation's value, and the others come beside it. An
  /// update has none.
  package var resultNames: [String] {
    switch self {
    case .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .broadcast,
      .conv2d, .conv2dTranspose, .conv2dWeights, .maxPool, .maxPoolAdjoint, .averagePool,
      .averagePoolAdjoint, .pad,
      .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take, .takeAdjoint,
      .gather, .gatherAdjoint, .topIndices, .cumulativeSum, .triangle,
      .oneHot, .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .gradientScale, .accumulate(isInPlace: false), .pairLoss, .pairLossAdjoint,
      .crossEntropy, .crossEntropyAdjoint, .dropout, .random, .fill, .range, .literal,
      .stopGradient:
      [""]
    case .linearCrossEntropy:
      ["", "logsumexp"]
    case .linearCrossEntropyAdjoint(let parts, _, pieces: _):
      parts.count == 1 ? [""] : parts.map(\.rawValue)
    case .layerNorm:
      ["", "mean", "scale"]
    case .layerNormAdjoint(let parts):
      parts.count == 1 ? [""] : parts.map(\.rawValue)
    case .normalize(let kind, epsilon: _):
      kind.resultNames
    case .normalizeAdjoint(_, let parts):
      parts.count == 1 ? [""] : parts.map(\.rawValue)
    case .attention:
      ["", "log_sum"]
    case .attentionAdjoint(_, let parts):
      parts.count == 1 ? [""] : parts.map(\.rawValue)
    case .cell(let cell):
      cell.resultNames
    case .cellAdjoint(let cell):
      cell.operandNames
    case .update, .accumulate(isInPlace: true):
      []
    case .exchange(let exchange):
      exchange.isInPlace ? [] : (0..<exchange.values).map { $0 == 0 ? "" : "\($0)" }
    }
  }
}
