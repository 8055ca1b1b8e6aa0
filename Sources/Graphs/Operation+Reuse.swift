extension Operation {
  /// Positions of the operands whose storage the first of these results may take over: kernels
  /// write each of these in place. The operand has the result's shape and bytes, and element i of
  /// the result (or its row, for the softmax family) depends on no other element of it.
  package func reusableOperands(operands: [Operand], results: [TensorType]) -> [Int] {
    guard let result = results.first else { return [] }
    func fits(_ position: Int) -> Bool {
      operands[position].shape == result.shape && operands[position].view == nil
        && operands[position].dtype.byteWidth == result.dtype.byteWidth
    }
    return switch self {
    case .stopGradient, .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint,
      .cast, .softmax, .triangle, .cumulativeSum,
      .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .dropout:
      operands.indices.filter(fits)
    case .crossEntropyAdjoint:
      // The logits: each row is read whole before it is written.
      [1].filter { operands.indices.contains($0) && fits($0) }
    case .pairLossAdjoint:
      [1, 2].filter { operands.indices.contains($0) && fits($0) }
    case .layerNorm:
      // x: each row is read whole before it is written.
      [0].filter { operands.indices.contains($0) && fits($0) }
    case .layerNormAdjoint(let parts):
      // g or x, taken over by the adjoint of x: the sums over rows are complete before it is
      // written.
      parts.first == .x ? [0, 1].filter { operands.indices.contains($0) && fits($0) } : []
    case .normalize:
      // x: what is written has been read for all statistics.
      [0].filter { operands.indices.contains($0) && fits($0) }
    case .normalizeAdjoint(_, let parts):
      // As for layer norms.
      parts.first == .x ? [0, 1].filter { operands.indices.contains($0) && fits($0) } : []
    case .cell:
      // The state, the last operand.
      [operands.count - 1].filter { operands.indices.contains($0) && fits($0) }
    case .cellAdjoint(.lstm):
      // The gates: all four of a number of the state are read before any is written.
      [2].filter { operands.indices.contains($0) && fits($0) }
    case .cellAdjoint(.gru), .attention, .attentionAdjoint:
      []
    case .exchange(let exchange):
      // Each element is read by all before it is written.
      exchange.isInPlace ? [] : [0].filter { operands.indices.contains($0) && fits($0) }
    case .accumulate(isInPlace: false):
      // The gradient; the sum so far is an input.
      [1].filter { operands.indices.contains($0) && fits($0) }
    case .conv2d, .conv2dTranspose, .conv2dWeights, .maxPool, .maxPoolAdjoint, .averagePool,
      .averagePoolAdjoint, .pad:
      []
    case .broadcast, .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take,
      .takeAdjoint, .gather, .gatherAdjoint, .topIndices, .oneHot, .logSumExp, .crossEntropy,
      .linearCrossEntropy, .linearCrossEntropyAdjoint, .pairLoss, .random, .fill, .range,
      .literal, .update, .gradientScale, .accumulate:
      []
    }
  }
}
