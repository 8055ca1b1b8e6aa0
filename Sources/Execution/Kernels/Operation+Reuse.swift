package import Graphs
package import Tensors

extension Operation {
  /// True where the kernel may write its result over operand `index`: each element (each row, for softmax and its
  /// relatives) is read before it is written. Results are the same bit for bit.
  ///
  /// `shapes` and `dtypes` are the operands', `result` and `dtype` the result's.
  package func canReuse(
    operand index: Int, shapes: [Shape], dtypes: [DType], result: Shape, dtype: DType
  ) -> Bool {
    guard shapes.indices.contains(index), shapes[index].count == result.count,
      dtypes[index].byteWidth == dtype.byteWidth
    else { return false }
    return switch self {
    case .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .dropout,
      .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint:
      true
    case .crossEntropyAdjoint: index == 1
    case .broadcast, .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take,
      .takeAdjoint, .oneHot, .logSumExp, .crossEntropy, .random, .fill, .update:
      false
    }
  }

  /// Bytes of scratch that the kernel uses beside operands and result; they are counted as workspace.
  package func scratchBytes(operands: [(Shape, DType)], result: Shape) -> Int {
    switch self {
    case .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .broadcast,
      .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take, .takeAdjoint,
      .oneHot, .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .crossEntropy, .crossEntropyAdjoint, .dropout, .random, .fill, .update:
      0
    }
  }
}
