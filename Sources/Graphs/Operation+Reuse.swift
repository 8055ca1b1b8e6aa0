package import Tensors

extension Operation {
  /// Positions of the operands whose storage the result, of this shape and type, may take over: kernels
  /// write each of these in place. The operand has the result's shape and bytes, and element i of the result
  /// (or its row, for the softmax family) depends on no other element of it.
  package func reusableOperands(operands: [Operand], shape: Shape, dtype: DType) -> [Int] {
    func fits(_ position: Int) -> Bool {
      operands[position].shape == shape
        && operands[position].dtype.byteWidth == dtype.byteWidth
    }
    return switch self {
    case .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .softmax,
      .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .dropout:
      operands.indices.filter(fits)
    case .crossEntropyAdjoint:
      // The logits: each row is read whole before it is written.
      [1].filter { operands.indices.contains($0) && fits($0) }
    case .broadcast, .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take,
      .takeAdjoint, .oneHot, .logSumExp, .crossEntropy, .random, .fill, .update:
      []
    }
  }
}
