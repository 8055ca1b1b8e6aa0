extension Operation {
  /// The operation as the language spells it: `matmul`, `relu`, `cross_entropy`; what
  /// differentiation adds ends in `_adjoint`.
  package var name: String {
    switch self {
    case .unary(let function): function.rawValue
    case .unaryAdjoint(let function): function.rawValue + "_adjoint"
    case .binary(let function): function.name
    case .scalar(let function, _, numberFirst: _): function.name
    case .select: "where"
    case .clip: "clip"
    case .clipAdjoint: "clip_adjoint"
    case .cast: "cast"
    case .broadcast: "broadcast"
    case .matmul: "matmul"
    case .maxPool: "max_pool"
    case .maxPoolAdjoint: "max_pool_adjoint"
    case .averagePool: "average_pool"
    case .averagePoolAdjoint: "average_pool_adjoint"
    case .pad: "pad"
    case .conv2d: "conv2d"
    case .conv2dTranspose: "conv2d_transpose"
    case .conv2dWeights: "conv2d_weights_adjoint"
    case .reduce(let reduction, axes: _, keepDims: _): reduction.rawValue
    case .argReduce(let extremum, axis: _): extremum.rawValue
    case .permute: "permute"
    case .concat: "concat"
    case .slice: "slice"
    case .unslice: "slice_adjoint"
    case .take: "take"
    case .takeAdjoint: "take_adjoint"
    case .gather: "gather"
    case .gatherAdjoint: "scatter_add"
    case .topIndices: "top_k"
    case .cumulativeSum: "cumsum"
    case .triangle(let upper, diagonal: _): upper ? "triu" : "tril"
    case .oneHot: "one_hot"
    case .softmax: "softmax"
    case .softmaxAdjoint: "softmax_adjoint"
    case .logSoftmax: "log_softmax"
    case .logSoftmaxAdjoint: "log_softmax_adjoint"
    case .logSumExp: "logsumexp"
    case .crossEntropy: "cross_entropy"
    case .crossEntropyAdjoint: "cross_entropy_adjoint"
    case .linearCrossEntropy: "linear_cross_entropy"
    case .linearCrossEntropyAdjoint: "linear_cross_entropy_adjoint"
    case .pairLoss(let loss): loss.name
    case .pairLossAdjoint(let loss): loss.name + "_adjoint"
    case .layerNorm: "layer_norm"
    case .layerNormAdjoint: "layer_norm_adjoint"
    case .normalize(let kind, epsilon: _): kind.name
    case .normalizeAdjoint(let kind, _): kind.name + "_adjoint"
    case .attention: "attention"
    case .attentionAdjoint: "attention_adjoint"
    case .cell(let cell): cell.name
    case .cellAdjoint(let cell): cell.name + "_adjoint"
    case .dropout: "dropout"
    case .random(.normal, _, _, site: _): "randn"
    case .random(.uniform, _, _, site: _): "uniform"
    case .stopGradient: "stop_gradient"
    case .fill: "full"
    case .range: "arange"
    case .literal: "tensor"
    case .update: "update"
    case .gradientScale(.infinity, limit: _, lossScale: nil): "all_gradients"
    case .gradientScale: "gradient_scale"
    case .accumulate: "accumulate"
    case .exchange(let exchange): exchange.name
    }
  }
}

extension Operation {
  /// The names of the operations that a forward pass can have; `copy` is a broadcast that stretches
  /// nothing.
  package static let forwardNames: [String] =
    Unary.allCases.map(\.rawValue) + Binary.allCases.map(\.name)
    + Reduction.allCases.map(\.rawValue) + Extremum.allCases.map(\.rawValue)
    + [
      "where", "clip", "cast", "broadcast", "copy", "matmul", "permute", "concat", "slice", "take",
      "gather", "scatter_add", "top_k", "cumsum", "tril", "triu",
      "conv2d", "conv2d_transpose", "max_pool", "average_pool", "pad",
      "one_hot", "softmax", "log_softmax", "logsumexp", "cross_entropy", "linear_cross_entropy",
      "binary_cross_entropy", "mae", "huber", "layer_norm", "dropout",
      "batch_norm", "group_norm", "rms_norm", "attention", "gru_cell", "lstm_cell",
      "randn", "uniform", "stop_gradient", "full", "arange", "tensor",
    ]
}

extension Binary {
  /// The function as the language spells it.
  package var name: String {
    switch self {
    case .add, .subtract, .multiply, .divide, .minimum, .maximum, .remainder, .equal, .less,
      .greater:
      rawValue
    case .power: "pow"
    case .floorDivide: "floor_divide"
    case .notEqual: "not_equal"
    case .lessOrEqual: "less_equal"
    case .greaterOrEqual: "greater_equal"
    }
  }
}
