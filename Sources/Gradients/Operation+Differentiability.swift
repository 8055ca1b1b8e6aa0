package import Graphs

extension Operation {
  /// True where a gradient flows from the result to this operand.
  ///
  /// None flows through what is constant almost everywhere (comparisons, argmax, argmin, one_hot,
  /// floor_divide), to conditions, indices and labels, past stop_gradient, or through updates. Nor
  /// does one to or from an i32 tensor, whatever the operation. Through adjoint operations one
  /// does: they stand in a forward pass where a gradient was taken inside the block.
  package func isDifferentiable(at position: Int) -> Bool {
    switch self {
    case .unary, .clip, .cast, .broadcast, .matmul, .reduce, .permute, .concat, .slice, .unslice,
      .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp, .layerNorm,
      .layerNormAdjoint, .dropout, .unaryAdjoint, .cumulativeSum, .triangle:
      true
    case .conv2d, .conv2dTranspose, .conv2dWeights, .maxPool, .averagePool, .averagePoolAdjoint,
      .pad:
      true
    case .binary(let function), .scalar(let function, _, numberFirst: _):
      function.isDifferentiable
    case .normalize, .normalizeAdjoint, .cell, .cellAdjoint, .attention, .attentionAdjoint:
      // The rule of attention refuses a gradient with respect to its mask.
      true
    case .select:
      position > 0
    case .pairLoss, .pairLossAdjoint, .linearCrossEntropyAdjoint: true
    case .linearCrossEntropy: position < 2
    case .take, .takeAdjoint, .gather, .gatherAdjoint, .crossEntropy, .clipAdjoint:
      position == 0
    case .maxPoolAdjoint:
      position == 0
    case .crossEntropyAdjoint:
      position < 2
    case .argReduce, .topIndices, .oneHot, .stopGradient, .random, .fill, .range, .literal,
      .update, .gradientScale, .accumulate, .exchange:
      false
    }
  }
}

extension Binary {
  fileprivate var isDifferentiable: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .remainder: true
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: false
    }
  }
}
