import GraphLab
import Graphs
import Tensors

/// Small models, built by hand: what the laws are tried on besides random graphs.
enum Model: String, CaseIterable, Sendable {
  case layers, residuals, norms, branches, dropouts, regions, states, unrolled
  case channels, attention, gru, lstm
  case images, levels, losses, short, shortNetworks

  /// The graph and elements for its inputs.
  func build() throws -> (graph: Graph, values: [[Double]]) {
    var builder = GraphBuilder()
    var values: [[Double]] = []
    var random = SplitMix(seed: 5)
    func input(_ kind: Input.Kind, _ shape: Shape, _ dtype: DType = .f32) -> Operand {
      values.append(
        (0..<shape.count).map { _ in
          dtype == .i32
            ? Double(Int.random(in: 0..<3, using: &random)) : .random(in: -1...1, using: &random)
        })
      return builder.input(Input(kind: kind, shape: shape, dtype: dtype, name: "in\(values.count)"))
    }
    func dense(_ x: Operand, _ outputs: Int) throws -> Operand {
      let inputs = x.shape.axes.last ?? 1
      let product = try builder.matmul(x, input(.parameter, [inputs, outputs]))
      return try builder.binary(.add, product, input(.parameter, [outputs]))
    }
    func convolved(_ x: Operand, _ w: Operand, stride: Int) throws -> Operand {
      let sliding = Sliding(stride: stride, dilation: 1, padding: w.shape[0] / 2)
      return try builder.emit(.conv2d(Convolution(height: sliding, width: sliding)), [x, w])
    }
    var h = input(.data, [6, 5])
    switch self {
    case .layers:
      for number in 0..<12 {
        h = try builder.unary(.relu, dense(h, 5))
        builder.mark("\(number)")
      }
      h = try builder.emit(.crossEntropy(), [dense(h, 3), input(.data, [6], .i32)])
    case .residuals:
      for number in 0..<5 {
        let centred = try builder.binary(
          .subtract, h, builder.reduce(.average, h, axes: [1], keepDims: true))
        let spread = try builder.reduce(
          .average, builder.unary(.square, centred), axes: [1], keepDims: true)
        let scaled = try builder.binary(
          .divide, centred, builder.unary(.sqrt, builder.scalar(.add, spread, 1e-3)))
        h = try builder.binary(.add, h, builder.unary(.gelu, dense(scaled, 5)))
        builder.mark("\(number)")
      }
    case .norms:
      // The value of a norm, and in every second layer its statistics too.
      for number in 0..<5 {
        let parameters = [h, input(.parameter, [5]), input(.parameter, [5])]
        let norm = try builder.emitAll(.layerNorm(epsilon: 1e-3), parameters)
        h = try builder.binary(.add, h, builder.unary(.gelu, dense(norm[0], 5)))
        if number % 2 == 1 {
          let statistics = try builder.binary(.multiply, norm[1], norm[2])
          h = try builder.binary(.add, h, statistics.reshaped([6, 1]))
        }
        builder.mark("\(number)")
      }
    case .branches:
      let left = try builder.unary(.tanh, dense(h, 4))
      let right = try builder.unary(.sigmoid, dense(h, 4))
      let joined = try builder.emit(.concat(axis: 1), [left, right])
      h = try builder.binary(
        .multiply, builder.emit(.softmax(axis: 1), [joined]),
        builder.binary(.maximum, joined, joined))
      h = try builder.binary(.add, h, builder.emit(.concat(axis: 1), [right, left]))
    case .losses:
      for number in 0..<4 {
        h = try builder.unary(.tanh, dense(h, 5))
        builder.mark("\(number)")
      }
      let pair = try builder.emit(.pairLoss(.huber(delta: 0.1)), [h, input(.data, [6, 5])])
      let labels = input(.data, [6], .i32)
      let score = try builder.emit(
        .linearCrossEntropy(LabelRule(smoothing: 0.1), pieces: 3),
        [h, input(.parameter, [5, 7]), labels])
      h = try builder.binary(.add, pair, score)
    case .dropouts:
      for number in 0..<4 {
        h = try builder.unary(.silu, dense(h, 5))
        h = try builder.emit(.dropout(rate: 0.4, site: number + 1), [h])
        builder.mark("\(number)")
      }
      let noise = try builder.emit(.random(.normal, .f32, [6, 5], site: 9), [])
      h = try builder.binary(.multiply, h, noise)
    case .regions:
      for _ in 0..<2 {
        builder.enterRegion()
        h = try builder.unary(.tanh, dense(h, 5))
        builder.enterRegion()
        h = try builder.unary(.exp, builder.unary(.tanh, dense(h, 5)))
        builder.leaveRegion()
        h = try builder.unary(.sigmoid, dense(h, 5))
        builder.leaveRegion()
        h = try builder.unary(.sin, h)
      }
    case .states:
      for number in 0..<3 {
        h = try builder.unary(.tanh, dense(h, 5))
        let mean = input(.state, [5])
        let average = try builder.reduce(.average, h, axes: [0])
        let next = try builder.binary(
          .add, builder.scalar(.multiply, mean, 0.9), builder.scalar(.multiply, average, 0.1))
        guard let state = mean.input else { continue }
        try builder.updateState(state, to: next)
        h = try builder.binary(.subtract, h, next)
        builder.mark("\(number)")
      }
    case .short:
      // f32 parameters and data, read in bf16; the loss of short logits.
      func short(_ operand: Operand) throws -> Operand {
        try builder.emit(.cast(.bf16), [operand])
      }
      h = try short(h)
      for number in 0..<5 {
        let parameters = try [h, short(input(.parameter, [5])), short(input(.parameter, [5]))]
        let norm = try builder.emit(.layerNorm(epsilon: 1e-3), parameters)
        let product = try builder.matmul(norm, short(input(.parameter, [5, 5])))
        let bent = try builder.unary(.gelu, product)
        h = try builder.binary(
          .add, h, builder.emit(.dropout(rate: 0.2, site: number + 1), [bent]))
        builder.mark("\(number)")
      }
      let logits = try builder.matmul(h, short(input(.parameter, [5, 3])))
      h = try builder.emit(.crossEntropy(), [logits, input(.data, [6], .i32)])
    case .shortNetworks:
      // Norms, attention and a cell of bf16, beside f32 parameters.
      func short(_ operand: Operand) throws -> Operand {
        try builder.emit(.cast(.bf16), [operand])
      }
      h = try short(h)
      for (number, kind) in [Normalization.batch, .group(1), .rms].enumerated() {
        let parameters = try kind.parts.dropFirst().map { _ in try short(input(.parameter, [5])) }
        let norm = try builder.emitAll(.normalize(kind, epsilon: 1e-3), [h] + parameters)
        let form = Attention(
          isCausal: number > 0, scale: 0.5, isMasked: false, headsInside: number > 1)
        let parts = try (0..<3).map { _ in
          try builder.matmul(norm[0], short(input(.parameter, [5, 4]))).reshaped([2, 3, 4])
        }
        let mixed = try builder.emit(.attention(form), parts)
        let back = try builder.matmul(
          mixed.reshaped([6, 4]), short(input(.parameter, [4, 5])))
        h = try builder.binary(.add, h, back)
        builder.mark("\(number)")
      }
      let products = try (0..<2).map { _ in
        try builder.matmul(h, short(input(.parameter, [5, 15])))
      }
      h = try builder.emit(.cast(.f32), [builder.emit(.cell(.gru), products + [h])])
    case .channels:
      for (number, kind) in [Normalization.batch, .group(1), .rms, .batch].enumerated() {
        h = try dense(h, 5)
        let parameters = kind.parts.dropFirst().map { _ in input(.parameter, [5]) }
        let norm = try builder.emitAll(.normalize(kind, epsilon: 1e-3), [h] + parameters)
        h = try builder.unary(.relu, norm[0])
        if kind == .batch {
          // Running statistics, as batch_norm has them.
          let variance = input(.state, [5])
          let next = try builder.binary(
            .add, builder.scalar(.multiply, variance, 0.9),
            builder.scalar(.multiply, norm[3], 0.1))
          if let state = variance.input { try builder.updateState(state, to: next) }
        }
        builder.mark("\(number)")
      }
    case .attention:
      for number in 0..<4 {
        let form = Attention(
          isCausal: number % 2 == 0, scale: 0.5, isMasked: false, headsInside: number > 1)
        let parts = try (0..<3).map { _ in try dense(h, 4).reshaped([2, 3, 4]) }
        let mixed = try builder.emit(.attention(form), parts)
        h = try builder.binary(.add, h, dense(mixed.reshaped([6, 4]), 5))
        builder.mark("\(number)")
      }
    case .gru:
      let (w, u) = (input(.parameter, [5, 9]), input(.parameter, [3, 9]))
      var state = input(.data, [6, 3])
      for _ in 0..<5 {
        let products = [try builder.matmul(h, w), try builder.matmul(state, u)]
        state = try builder.emit(.cell(.gru), products + [state])
      }
      h = state
    case .lstm:
      let (w, u) = (input(.parameter, [5, 12]), input(.parameter, [3, 12]))
      var state = [input(.data, [6, 3]), input(.data, [6, 3])]
      for _ in 0..<5 {
        let gates = try builder.binary(
          .add, builder.matmul(h, w), builder.matmul(state[0], u))
        state = try builder.emitAll(.cell(.lstm), [gates, state[1]])
      }
      h = state[0]
    case .images:
      // Convolutions of images, one of them past a convolution of single pixels, and their pooling.
      var image = input(.data, [2, 6, 6, 2])
      for (number, stride) in [1, 2, 1].enumerated() {
        let channels = image.shape[3]
        let inner = try convolved(image, input(.parameter, [3, 3, channels, 4]), stride: stride)
        let by = try convolved(image, input(.parameter, [1, 1, channels, 4]), stride: stride)
        image = try builder.unary(.relu, builder.binary(.add, inner, by))
        builder.mark("\(number)")
      }
      let whole = Pooling(height: .adaptive(count: 1), width: .adaptive(count: 1))
      h = try builder.emit(.averagePool(whole), [image]).reshaped([2, 4])
      h = try builder.emit(.crossEntropy(), [dense(h, 3), input(.data, [2], .i32)])
    case .levels:
      // Down by pooling and up by a transposed convolution, what went down beside what comes up.
      let image = input(.data, [2, 4, 6, 2])
      let top = try builder.unary(
        .tanh, convolved(image, input(.parameter, [3, 3, 2, 3]), stride: 1))
      builder.mark("down")
      let pairs = PoolingAxis.sliding(size: 2, stride: 2, before: 0, after: 0)
      var low = try builder.emit(.maxPool(Pooling(height: pairs, width: pairs)), [top])
      low = try builder.unary(.silu, convolved(low, input(.parameter, [3, 3, 3, 4]), stride: 1))
      builder.mark("below")
      let two = Sliding(stride: 2)
      let up = try builder.emit(
        .conv2dTranspose(Convolution(height: two, width: two), height: 4, width: 6),
        [low, input(.parameter, [2, 2, 3, 4])])
      let joined = try builder.emit(.concat(axis: 3), [top, up])
      h = try convolved(joined, input(.parameter, [3, 3, 6, 1]), stride: 1)
    case .unrolled:
      let recurrent = input(.parameter, [5, 5])
      let step = h
      for _ in 0..<9 {
        h = try builder.unary(.tanh, builder.binary(.add, builder.matmul(h, recurrent), step))
      }
    }
    if h.shape.count != 1 {
      h = try builder.reduce(.average, builder.unary(.square, h), axes: Array(0..<h.shape.rank))
    }
    builder.setResult(h)
    return (builder.finished(), values)
  }
}
