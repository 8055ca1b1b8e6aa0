package import Graphs
import Tensors

extension Operation {
  /// Bytes of scratch that the kernel uses beside operands and results; they are counted as
  /// workspace: what a kernel for wide floats uses of its own, and what f16 and bf16 are computed
  /// through (`ShortWay`).
  package func scratchBytes(operands: [TensorType], results: [TensorType]) -> Int {
    shortWay(operands: operands, results: results)?.scratchBytes
      ?? ownScratchBytes(operands: operands, results: results)
  }

  private func ownScratchBytes(operands: [TensorType], results: [TensorType]) -> Int {
    switch self {
    case .reduce, .takeAdjoint:
      // Sums of short floats are added up in f32.
      results.first.map { $0.dtype.isShort ? $0.shape.byteCount(of: .f32) : 0 } ?? 0
    case .conv2d, .conv2dTranspose, .conv2dWeights:
      ConvolutionShapes(self, operands: operands, results: results)?.scratchBytes ?? 0
    case .maxPool, .maxPoolAdjoint, .averagePool, .averagePoolAdjoint, .pad:
      0
    case .stopGradient, .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint,
      .cast, .broadcast,
      .matmul, .argReduce, .permute, .concat, .slice, .unslice, .take,
      .oneHot, .softmax, .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .crossEntropy, .crossEntropyAdjoint, .layerNorm, .layerNormAdjoint, .dropout, .random, .fill,
      .range, .literal, .accumulate:
      0
    case .update(let rule, limit: _, let isScaled):
      UpdateSums.scratchBytes(rule, Array(operands.dropLast(isScaled ? 1 : 0)))
    case .gradientScale(let norm, limit: _, let lossScale):
      norm.isFinite || lossScale != nil
        ? 8 * operands.reduce(0) { $0 + UpdateSums.parts(of: $1.shape.count) } : 0
    }
  }
}
