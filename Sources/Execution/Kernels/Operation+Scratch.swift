package import Graphs
package import Tensors

extension Operation {
  /// Bytes of scratch that the kernel uses beside operands and result; they are counted as
  /// workspace.
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
