import Tensors

extension Operation {
  /// Floating-point operations, counted by convention and saturating at `Int.max`:
  ///
  /// - matmul: 2·m·n·k a batch;
  /// - conv2d, conv2d_transpose and conv2d_weights: 2·(entries of a window)·(inputs of a group) an
  ///   element of what the convolution makes, zeros around images counted as entries;
  /// - max_pool and average_pool: 1 an entry of a window; their adjoints: 4 and 2;
  /// - elementwise operations, comparisons and copies (cast, broadcast, stop_gradient, permute,
  ///   concat, slice, take, gather, tril, one_hot, full, arange, tensor and their adjoints), and
  ///   cumsum: 1 an element of the result; adjoints of unary functions: 2;
  /// - reductions, argmax, argmin and top_k: 1 an element of the operand;
  /// - softmax, log_softmax, cross_entropy and its adjoint: 5 an element; softmax_adjoint,
  ///   log_softmax_adjoint
  ///   and logsumexp: 4;
  /// - linear_cross_entropy: the product, and 5 for each score; its adjoint the same, and a product
  ///   for each of x and w;
  /// - binary_cross_entropy, mae, huber and their adjoints: 6 an element;
  /// - layer_norm: 8 an element; its adjoint 10 for x, 4 for the gain and 1 for the offset;
  /// - batch_norm and group_norm: as layer_norm; rms_norm 5 an element, its adjoint 8 for x and 3
  ///   for the gain;
  /// - attention: two products and 5 for each of its scores; its adjoint five products, of which
  ///   two give again what was not held, and 8 for each score; what a mask hides is counted too;
  /// - gru_cell: 12 for each number of the state, its adjoint 24; lstm_cell: 9, its adjoint 24;
  /// - dropout and random draws: 10 an element, one for each round of Philox;
  /// - updates, an element: sgd 2, and 2 more with momentum, Nesterov's too; adam 12, adamw 14,
  ///   rmsprop 9 (11 with momentum), adagrad 8, lion 9, adafactor 16; decay that changes the
  ///   gradient 2 more;
  /// - accumulate 2 an element, gradient_scale 2 where it takes a norm;
  /// - all_reduce, reduce_to_owner and average_parameters 2 an element: what a worker adds up.
  package func cost(operands: [Operand], results: [TensorType]) -> Int {
    let result = results.first?.shape ?? [0]
    return switch self {
    case .unary, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .broadcast, .stopGradient,
      .permute,
      .concat, .slice, .unslice, .take, .oneHot, .fill, .range, .gather, .cumulativeSum, .triangle,
      .literal:
      result.count
    case .takeAdjoint, .gatherAdjoint:
      // Zeros first, then the sums.
      result.count.saturatingAdd(operands.first?.shape.count ?? 0)
    case .unaryAdjoint:
      result.count.saturatingMultiply(2)
    case .matmul(let transposeLeft, transposeRight: _):
      operands.first.map { left in
        let inner = left.shape.axes.dropLast(transposeLeft ? 1 : 0).last ?? 1
        return result.count.saturatingMultiply(inner).saturatingMultiply(2)
      } ?? 0
    case .conv2d:
      windowCost(of: result, weights: operands.last?.shape)
    case .conv2dTranspose:
      windowCost(of: operands.first?.shape, weights: operands.last?.shape)
    case .conv2dWeights:
      windowCost(of: operands.last?.shape, weights: result)
    case .maxPool(let pooling), .averagePool(let pooling):
      pooling.entries(of: result, in: operands.first?.shape)
    case .maxPoolAdjoint(let pooling):
      pooling.entries(of: operands.first?.shape, in: result).saturatingMultiply(4)
    case .averagePoolAdjoint(let pooling, height: _, width: _):
      pooling.entries(of: operands.first?.shape, in: result).saturatingMultiply(2)
    case .pad:
      result.count
    case .reduce, .argReduce, .topIndices:
      operands.first?.shape.count ?? 0
    case .softmax, .logSoftmax, .crossEntropyAdjoint:
      result.count.saturatingMultiply(5)
    case .pairLoss:
      (operands.first?.shape.count ?? 0).saturatingMultiply(6)
    case .pairLossAdjoint:
      result.count.saturatingMultiply(6)
    case .linearCrossEntropy:
      scoreCost(operands, x: 0, products: 1)
    case .linearCrossEntropyAdjoint(let parts, _, pieces: _):
      scoreCost(operands, x: 1, products: 1 + parts.count)
    case .crossEntropy:
      (operands.first?.shape.count ?? 0).saturatingMultiply(5)
    case .softmaxAdjoint, .logSoftmaxAdjoint:
      result.count.saturatingMultiply(4)
    case .logSumExp:
      (operands.first?.shape.count ?? 0).saturatingMultiply(4)
    case .layerNorm:
      result.count.saturatingMultiply(8)
    case .layerNormAdjoint(let parts):
      (operands.first?.shape.count ?? 0).saturatingMultiply(
        parts.reduce(0) { $0 + $1.costPerElement })
    case .normalize(let kind, epsilon: _):
      result.count.saturatingMultiply(kind.isCentred ? 8 : 5)
    case .normalizeAdjoint(let kind, let parts):
      (operands.first?.shape.count ?? 0).saturatingMultiply(
        parts.reduce(0) { $0 + $1.costPerElement - (kind.isCentred ? 0 : $1 == .x ? 2 : 1) })
    case .attention: attentionCost(operands, from: 0, ofWidth: 1, ofColumns: 1, ofScores: 5)
    case .attentionAdjoint: attentionCost(operands, from: 1, ofWidth: 3, ofColumns: 2, ofScores: 8)
    case .cell(let cell): result.count.saturatingMultiply(cell == .gru ? 12 : 9)
    case .cellAdjoint: (operands.last?.shape.count ?? 0).saturatingMultiply(24)
    case .dropout, .random:
      result.count.saturatingMultiply(10)
    case .update(let rule, limit: _, isScaled: _):
      (operands.first?.shape.count ?? 0).saturatingMultiply(rule.costPerElement)
    case .gradientScale(let norm, limit: _, let lossScale):
      norm.isFinite || lossScale != nil
        ? operands.reduce(0) { $0.saturatingAdd($1.shape.count.saturatingMultiply(2)) } : 0
    case .accumulate:
      (operands.first?.shape.count ?? 0).saturatingMultiply(2)
    case .exchange(let exchange):
      exchange.adds
        ? operands.reduce(0) { $0.saturatingAdd($1.shape.count.saturatingMultiply(2)) } : 0
    }
  }
}

/// The cost of some products over the width of queries and over the columns of values, and of so
/// many operations on each score.
private func attentionCost(
  _ operands: [Operand], from first: Int, ofWidth: Int, ofColumns: Int, ofScores: Int
) -> Int {
  guard operands.count > first + 2 else { return 0 }
  let (q, v) = (operands[first].shape, operands[first + 2].shape)
  guard let width = q.axes.last, let columns = v.axes.last, v.rank >= 2 else { return 0 }
  let scores = q.axes.dropLast().reduce(v[v.rank - 2]) { $0.saturatingMultiply($1) }
  let each = width.saturatingMultiply(2 * ofWidth)
    .saturatingAdd(columns.saturatingMultiply(2 * ofColumns)).saturatingAdd(ofScores)
  return scores.saturatingMultiply(each)
}

extension Operation {
  /// So many products of rows of x, size and classes, and 5 for each score.
  private func scoreCost(_ operands: [Operand], x: Int, products: Int) -> Int {
    guard operands.count > x + 1, let classes = operands[x + 1].shape.axes.last else { return 0 }
    let size = operands[x].shape.axes.last ?? 1
    let scores = operands[x].shape.axes.dropLast().reduce(classes) { $0.saturatingMultiply($1) }
    let product = scores.saturatingMultiply(size).saturatingMultiply(2 * products)
    return product.saturatingAdd(scores.saturatingMultiply(5))
  }
}

/// Of a convolution that makes `pixels` with these weights, or of its adjoints.
private func windowCost(of pixels: Shape?, weights: Shape?) -> Int {
  guard let pixels, let weights else { return 0 }
  let terms = weights.axes.dropLast().reduce(2) { $0.saturatingMultiply($1) }
  return pixels.count.saturatingMultiply(terms)
}

extension Pooling {
  /// Entries of all windows of images of shape x, of which this makes y.
  fileprivate func entries(of y: Shape?, in x: Shape?) -> Int {
    guard let x, let y, x.rank == 4 else { return 0 }
    return y.count.saturatingMultiply(height.most(in: x[1])).saturatingMultiply(
      width.most(in: x[2]))
  }
}

extension PoolingAxis {
  /// Entries of the longest window.
  fileprivate func most(in length: Int) -> Int {
    switch self {
    case .sliding(let size, stride: _, before: _, after: _): size
    case .adaptive(let count): (max(length, 1) - 1) / count + 1
    }
  }
}

extension NormalizationPart {
  /// Of the adjoint.
  fileprivate var costPerElement: Int {
    switch self {
    case .x: 10
    case .gain: 4
    case .offset: 1
    }
  }
}

extension UpdateRule {
  fileprivate var costPerElement: Int {
    switch self {
    case .sgd(_, let momentum, let isNesterov, let decay):
      2 + (momentum == 0 ? 0 : 2) + (isNesterov ? 2 : 0) + cost(ofDecay: decay)
    case .adam(_, beta1: _, beta2: _, epsilon: _, let decay): 12 + cost(ofDecay: decay)
    case .adamW: 14
    case .rmsprop(_, alpha: _, epsilon: _, let momentum, let decay):
      9 + (momentum == 0 ? 0 : 2) + cost(ofDecay: decay)
    case .adagrad(_, epsilon: _, rateDecay: _, let decay): 8 + cost(ofDecay: decay)
    case .lion: 9
    case .adafactor: 16
    }
  }

  private func cost(ofDecay decay: Double) -> Int {
    decay == 0 ? 0 : 2
  }
}

extension Int {
  /// The product; `Int.max` where it overflows. Both factors are counts, not negative.
  func saturatingMultiply(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The sum; `Int.max` where it overflows, and `Int.min` where a negative number makes it do so.
  package func saturatingAdd(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
