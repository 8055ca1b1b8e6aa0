package import Graphs

/// The cases of `Operation` without their attributes: a new case fails to compile here until it has
/// rows in the tables of the tests.
package enum OperationKind: CaseIterable {
  case unary, unaryAdjoint, binary, scalar, select, clip, clipAdjoint, cast, broadcast, matmul
  case reduce, argReduce, permute, concat, slice, unslice, take, takeAdjoint, oneHot, softmax
  case softmaxAdjoint, logSoftmax, logSoftmaxAdjoint, logSumExp, crossEntropy
  case crossEntropyAdjoint, layerNorm, layerNormAdjoint, dropout, random, fill, range, literal
  case stopGradient, update, gather, gatherAdjoint, topIndices, cumulativeSum, triangle
  case gradientScale, accumulate, exchange, linearCrossEntropy, linearCrossEntropyAdjoint, pairLoss
  case pairLossAdjoint
  case normalize, normalizeAdjoint, attention, attentionAdjoint, cell, cellAdjoint
  case conv2d, conv2dTranspose, conv2dWeights
  case maxPool, maxPoolAdjoint, averagePool, averagePoolAdjoint, pad

  package init(_ operation: Operation) {
    self =
      switch operation {
      case .unary: .unary
      case .unaryAdjoint: .unaryAdjoint
      case .binary: .binary
      case .scalar: .scalar
      case .select: .select
      case .clip: .clip
      case .clipAdjoint: .clipAdjoint
      case .cast: .cast
      case .broadcast: .broadcast
      case .matmul: .matmul
      case .reduce: .reduce
      case .argReduce: .argReduce
      case .permute: .permute
      case .concat: .concat
      case .slice: .slice
      case .unslice: .unslice
      case .take: .take
      case .takeAdjoint: .takeAdjoint
      case .oneHot: .oneHot
      case .gather: .gather
      case .gatherAdjoint: .gatherAdjoint
      case .topIndices: .topIndices
      case .cumulativeSum: .cumulativeSum
      case .triangle: .triangle
      case .softmax: .softmax
      case .softmaxAdjoint: .softmaxAdjoint
      case .logSoftmax: .logSoftmax
      case .logSoftmaxAdjoint: .logSoftmaxAdjoint
      case .logSumExp: .logSumExp
      case .crossEntropy: .crossEntropy
      case .crossEntropyAdjoint: .crossEntropyAdjoint
      case .layerNorm: .layerNorm
      case .layerNormAdjoint: .layerNormAdjoint
      case .normalize: .normalize
      case .normalizeAdjoint: .normalizeAdjoint
      case .attention: .attention
      case .attentionAdjoint: .attentionAdjoint
      case .cell: .cell
      case .cellAdjoint: .cellAdjoint
      case .dropout: .dropout
      case .random: .random
      case .fill: .fill
      case .stopGradient: .stopGradient
      case .range: .range
      case .literal: .literal
      case .update: .update
      case .gradientScale: .gradientScale
      case .linearCrossEntropy: .linearCrossEntropy
      case .linearCrossEntropyAdjoint: .linearCrossEntropyAdjoint
      case .pairLoss: .pairLoss
      case .pairLossAdjoint: .pairLossAdjoint
      case .accumulate: .accumulate
      case .exchange: .exchange
      case .maxPool: .maxPool
      case .maxPoolAdjoint: .maxPoolAdjoint
      case .averagePool: .averagePool
      case .averagePoolAdjoint: .averagePoolAdjoint
      case .pad: .pad
      case .conv2d: .conv2d
      case .conv2dTranspose: .conv2dTranspose
      case .conv2dWeights: .conv2dWeights
      }
  }

  /// True where a forward pass can have such operations: the others are made by differentiation.
  package var isForward: Bool {
    switch self {
    case .unary, .binary, .scalar, .select, .clip, .cast, .broadcast, .matmul, .reduce, .argReduce,
      .permute, .concat, .slice, .take, .oneHot, .softmax, .logSoftmax, .logSumExp, .crossEntropy,
      .normalize, .attention, .cell, .layerNorm, .dropout, .random, .fill, .range, .literal,
      .stopGradient, .gather,
      .gatherAdjoint, .topIndices, .cumulativeSum, .triangle, .linearCrossEntropy, .pairLoss,
      .conv2d, .conv2dTranspose, .maxPool, .averagePool, .pad:
      true
    case .unaryAdjoint, .clipAdjoint, .unslice, .takeAdjoint, .softmaxAdjoint, .logSoftmaxAdjoint,
      .normalizeAdjoint, .attentionAdjoint, .cellAdjoint,
      .crossEntropyAdjoint, .layerNormAdjoint, .update, .gradientScale, .accumulate, .exchange,
      .conv2dWeights,
      .maxPoolAdjoint, .averagePoolAdjoint, .linearCrossEntropyAdjoint, .pairLossAdjoint:
      false
    }
  }
}
