import GraphLab
import Graphs
import Tensors
import Testing

struct ShapeRuleTests {
  /// An operation, its operands' types and the types of its values.
  typealias Good = (Operation, [TensorType], [TensorType])
  /// An operation, its operands' types and the fact it is refused with; `nil` where only the
  /// refusal matters.
  typealias Bad = (Operation, [TensorType], ShapeError.Problem?)

  static func f(_ axes: Int...) -> TensorType { TensorType(Shape(axes), .f32) }
  static func s(_ axes: Int...) -> TensorType { TensorType(Shape(axes), .bf16) }
  static func d(_ axes: Int...) -> TensorType { TensorType(Shape(axes), .f64) }
  static func b(_ axes: Int...) -> TensorType { TensorType(Shape(axes), .bool) }
  static func i(_ axes: Int...) -> TensorType { TensorType(Shape(axes), .i32) }

  static let plain = Operation.matmul(transposeLeft: false, transposeRight: false)
  static let adafactor = UpdateRule.adafactor(rate: 1, power: 0.8, epsilon: 1, threshold: 1)
  static let adam = UpdateRule.adam(rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  static let attention = Attention(isCausal: true, scale: 1, isMasked: false)
  static let inside = Attention(isCausal: true, scale: 1, isMasked: false, headsInside: true)
  static let masked = Attention(isCausal: false, scale: 1, isMasked: true)
  static let part = AxisSlice(start: 4, count: 3, step: -2)

  static let good: [Good] = [
    (.unary(.relu), [f(2, 3)], [f(2, 3)]),
    (.unary(.exp), [d(0, 3)], [d(0, 3)]),
    (.unary(.negate), [i(4)], [i(4)]),
    (.unaryAdjoint(.tanh), [f(2), f(2)], [f(2)]),
    (.binary(.add), [f(4, 1, 3), f(2, 1)], [f(4, 2, 3)]),
    (.binary(.add), [f(0, 3), f(1, 3)], [f(0, 3)]),
    (.binary(.less), [d(3), d()], [b(3)]),
    (.binary(.floorDivide), [i(3), i(3)], [i(3)]),
    (.scalar(.power, 0.5, numberFirst: true), [f(3)], [f(3)]),
    (.scalar(.equal, 1, numberFirst: false), [i(3)], [b(3)]),
    (.select, [b(3, 1), f(4), f()], [f(3, 4)]),
    (.clip(low: -1, high: 1), [f(3)], [f(3)]),
    (.clipAdjoint(low: -1, high: 1), [f(3), f(3)], [f(3)]),
    (.cast(.i32), [f(3)], [i(3)]),
    (.broadcast([2, 3]), [f(3)], [f(2, 3)]),
    (.broadcast([0, 3]), [f(1, 3)], [f(0, 3)]),
    (plain, [f(2, 3), f(3, 4)], [f(2, 4)]),
    (.matmul(transposeLeft: true, transposeRight: true), [f(3, 2), f(4, 3)], [f(2, 4)]),
    (plain, [f(5, 1, 2, 3), f(6, 3, 4)], [f(5, 6, 2, 4)]),
    (plain, [f(2, 0), f(0, 4)], [f(2, 4)]),
    (.reduce(.sum, axes: [0, 2], keepDims: false), [f(2, 3, 4)], [f(3)]),
    (.reduce(.average, axes: [0], keepDims: true), [f(2, 3)], [f(1, 3)]),
    (.reduce(.sum, axes: [0], keepDims: false), [i(0, 3)], [i(3)]),
    (.reduce(.max, axes: [1], keepDims: false), [f(0, 3)], [f(0)]),
    (.reduce(.min, axes: [], keepDims: false), [f(2)], [f(2)]),
    (.argReduce(.greatest, axis: 1), [f(2, 3)], [i(2)]),
    (.permute([2, 0, 1]), [f(2, 3, 4)], [f(4, 2, 3)]),
    (.permute([]), [f()], [f()]),
    (.concat(axis: 1), [f(2, 3), f(2, 0), f(2, 4)], [f(2, 7)]),
    (.slice([part, AxisSlice(start: 0, count: 0)]), [f(5, 0)], [f(3, 0)]),
    (.unslice([part], [5]), [f(3)], [f(5)]),
    (.take(axis: 1), [f(2, 5, 3), i(4, 6)], [f(2, 4, 6, 3)]),
    (.take(axis: 0), [f(5), i()], [f()]),
    (.takeAdjoint(axis: 1, [2, 5, 3]), [f(2, 4, 6, 3), i(4, 6)], [f(2, 5, 3)]),
    (.gather(axis: 1), [f(2, 5, 3), i(2, 4, 3)], [f(2, 4, 3)]),
    (.gather(axis: 0), [b(5), i(0)], [b(0)]),
    (.gatherAdjoint(axis: 1, [2, 5]), [f(2, 4), i(2, 4)], [f(2, 5)]),
    (.topIndices(count: 2), [f(3, 4)], [i(3, 2)]),
    (.topIndices(count: 4), [d(0, 4)], [i(0, 4)]),
    (.cumulativeSum(axis: 1, reversed: true), [f(2, 3)], [f(2, 3)]),
    (.triangle(upper: true, diagonal: -1), [i(2, 3, 3)], [i(2, 3, 3)]),
    (.triangle(upper: false, diagonal: .max), [f(2, 3)], [f(2, 3)]),
    (.oneHot(classes: 3, .f64), [i(2)], [d(2, 3)]),
    (.softmax(axis: 0), [f(2, 3)], [f(2, 3)]),
    (.softmaxAdjoint(axis: 1), [f(2, 3), f(2, 3)], [f(2, 3)]),
    (.logSoftmax(axis: 0), [f(0)], [f(0)]),
    (.logSoftmaxAdjoint(axis: 1), [f(2, 3), f(2, 3)], [f(2, 3)]),
    (.logSumExp(axis: 1, keepDims: false), [f(2, 3)], [f(2)]),
    (.logSumExp(axis: 1, keepDims: true), [f(2, 3)], [f(2, 1)]),
    (.crossEntropy(), [f(2, 4, 3), i(2, 4)], [f()]),
    (.crossEntropy(), [f(3), i()], [f()]),
    (.crossEntropyAdjoint(), [f(), f(4, 3), i(4)], [f(4, 3)]),
    (.layerNorm(epsilon: 1), [f(2, 4, 3), f(3), f(3)], [f(2, 4, 3), f(2, 4), f(2, 4)]),
    (.layerNorm(epsilon: 1), [d(3), d(3), d(3)], [d(3), d(), d()]),
    (.layerNorm(epsilon: 1), [f(0, 3), f(3), f(3)], [f(0, 3), f(0), f(0)]),
    (
      .layerNormAdjoint([.x, .gain, .offset]), [f(4, 3), f(4, 3), f(3), f(4), f(4)],
      [f(4, 3), f(3), f(3)]
    ),
    (.layerNormAdjoint([.offset]), [f(3), f(3), f(3), f(), f()], [f(3)]),
    (
      .layerNormAdjoint([.x, .gain]), [s(4, 3), s(4, 3), s(3), f(4)], [s(4, 3), s(3)]
    ),
    (.conv2d(Convolution()), [f(2, 5, 6, 3), f(3, 2, 3, 4)], [f(2, 3, 5, 4)]),
    (.conv2d(two), [d(2, 5, 6, 6), d(3, 2, 3, 4)], [d(2, 3, 4, 4)]),
    (.conv2d(two), [f(0, 5, 6, 6), f(3, 2, 3, 4)], [f(0, 3, 4, 4)]),
    (.conv2dTranspose(two, height: 5, width: 6), [f(2, 3, 4, 4), f(3, 2, 3, 4)], [f(2, 5, 6, 6)]),
    (.conv2dTranspose(two, height: 6, width: 7), [f(2, 3, 4, 4), f(3, 2, 3, 4)], [f(2, 6, 7, 6)]),
    (.conv2dWeights(two, height: 3, width: 2), [f(2, 5, 6, 6), f(2, 3, 4, 4)], [f(3, 2, 3, 4)]),
    (.maxPool(pairs), [f(2, 5, 6, 3)], [f(2, 2, 3, 3)]),
    (.maxPoolAdjoint(pairs), [d(2, 2, 3, 3), d(2, 5, 6, 3)], [d(2, 5, 6, 3)]),
    (.averagePool(adaptive), [f(2, 5, 6, 3)], [f(2, 4, 9, 3)]),
    (.averagePoolAdjoint(adaptive, height: 5, width: 6), [f(2, 4, 9, 3)], [f(2, 5, 6, 3)]),
    (
      .pad([AxisPadding(before: 1, after: 2), AxisPadding(before: 0, after: 1)], 1), [b(2, 3)],
      [b(5, 4)]
    ),
    (.dropout(rate: 0, site: 1), [f(2)], [f(2)]),
    (
      .normalize(.batch, epsilon: 1), [f(2, 4, 3), f(3), f(3)],
      [f(2, 4, 3), f(3), f(3), f(3)]
    ),
    (
      .normalize(.group(2), epsilon: 1), [d(5, 4, 6), d(6), d(6)],
      [d(5, 4, 6), d(5, 2), d(5, 2)]
    ),
    (.normalize(.group(3), epsilon: 1), [f(0, 3), f(3), f(3)], [f(0, 3), f(0, 3), f(0, 3)]),
    (.normalize(.rms, epsilon: 1), [f(2, 4, 3), f(3)], [f(2, 4, 3), f(2, 4)]),
    (
      .normalizeAdjoint(.batch, [.x, .offset]), [f(4, 3), f(4, 3), f(3), f(3), f(3)],
      [f(4, 3), f(3)]
    ),
    (
      .normalizeAdjoint(.group(1), [.gain]), [f(4, 3), f(4, 3), f(3), f(4, 1), f(4, 1)],
      [f(3)]
    ),
    (.normalizeAdjoint(.rms, [.x, .gain]), [f(4, 3), f(4, 3), f(3), f(4)], [f(4, 3), f(3)]),
    (.attention(attention), [f(2, 5, 3), f(2, 4, 3), f(2, 4, 6)], [f(2, 5, 6), f(2, 5)]),
    (.attention(masked), [f(5, 3), f(4, 3), f(4, 6), b(4)], [f(5, 6), f(5)]),
    (.attention(inside), [f(2, 5, 3), f(2, 4, 3), f(2, 4, 6)], [f(5, 2, 6), f(2, 5)]),
    (
      .attentionAdjoint(inside, [.q]),
      [d(5, 2, 6), d(2, 5, 3), d(2, 4, 3), d(2, 4, 6), d(2, 5), d(5, 2)], [d(2, 5, 3)]
    ),
    (
      .attentionAdjoint(attention, [.q, .v]),
      [d(5, 6), d(5, 3), d(4, 3), d(4, 6), d(5), d(5)], [d(5, 3), d(4, 6)]
    ),
    (
      .attentionAdjoint(masked, [.k]),
      [d(5, 6), d(5, 3), d(4, 3), d(4, 6), d(5, 1), d(5), d(5)], [d(4, 3)]
    ),
    (.cell(.gru), [f(2, 6), f(2, 6), f(2, 2)], [f(2, 2), f(2, 8)]),
    (.cell(.lstm), [f(3, 2, 8), f(3, 2, 2)], [f(3, 2, 2), f(3, 2, 2)]),
    (.cellAdjoint(.gru), [f(2, 2), f(2, 8), f(2, 2)], [f(2, 6), f(2, 6), f(2, 2)]),
    (.cellAdjoint(.lstm), [f(2), f(2), f(8), f(2)], [f(8), f(2)]),
    (.random(.normal, .f32, [2, 0], site: 1), [], [f(2, 0)]),
    (.random(.uniform(low: 0, high: 1), .f64, [2], site: 1), [], [d(2)]),
    (.fill(3, .i32, [2]), [], [i(2)]),
    (.fill(.nan, .f32, []), [], [f()]),
    (.stopGradient, [i(2)], [i(2)]),
    (.range(start: 1, step: -0.5, .f64, count: 4), [], [d(4)]),
    (.literal([1, 2], .i32, [2, 1]), [], [i(2, 1)]),
    (.update(.sgd(rate: 1)), [f(2), f(2)], []),
    (.update(adam), [d(2), d(2), d(2), d(2)], []),
    (.linearCrossEntropy(pieces: 2), [f(2, 4, 3), f(3, 7), i(2, 4)], [f(), f(2, 4)]),
    (
      .linearCrossEntropyAdjoint([.x, .w], pieces: 9), [f(), f(4, 3), f(3, 7), i(4), f(4)],
      [f(4, 3), f(3, 7)]
    ),
    (.linearCrossEntropyAdjoint([.w], pieces: 1), [d(), d(3), d(3, 7), i(), d()], [d(3, 7)]),
    (.pairLoss(.absolute), [f(2, 3), f(2, 3)], [f()]),
    (.pairLoss(.huber(delta: 1)), [d(2), d(2)], [d()]),
    (.pairLoss(.binaryCrossEntropy), [f(), f()], [f()]),
    (.pairLossAdjoint(.huber(delta: 1)), [d(), d(2), d(2)], [d(2)]),
    (.update(adafactor), [f(4, 2, 3), f(4, 2, 3), f(4, 2), f(4, 3)], []),
    (.update(adafactor), [f(3), f(3), f(3)], []),
    (.update(.sgd(rate: 1), isScaled: true), [f(2), f(2), d()], []),
    (.gradientScale(norm: 1), [f(2), d(3, 4)], [d()]),
    (.gradientScale(norm: .infinity), [], [d()]),
    (.accumulate(isInPlace: false), [f(2), f(2)], [f(2)]),
    (.accumulate(isInPlace: true), [f(2), f(2)], []),
    (.exchange(Exchange(.allReduce, .ring, workers: 2, values: 1)), [f(2, 3)], [f(2, 3)]),
    (.exchange(Exchange(.average, .tree, workers: 3, values: 1)), [f(2, 3)], []),
  ]

  /// Windows of two by two.
  static let pairs = Pooling(
    height: .sliding(size: 2, stride: 2, before: 0, after: 0),
    width: .sliding(size: 2, stride: 2, before: 0, after: 0))

  /// Windows that cover an image, four by nine.
  static let adaptive = Pooling(height: .adaptive(count: 4), width: .adaptive(count: 9))

  /// Windows that slide by 2 along the height, with zeros around the image, in two groups.
  static let two = Convolution(
    height: Sliding(stride: 2, before: 1, after: 1), width: Sliding(stride: 2, before: 1, after: 1),
    groups: 2)

  static let bad: [Bad] = [
    (.unary(.exp), [i(2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (.unary(.exp), [], .rule(.operands(expected: 1, found: 0))),
    (.unaryAdjoint(.exp), [f(2), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (.unaryAdjoint(.exp), [f(2), f(2, 1)], .mismatch(axis: nil, left: 1, right: 2)),
    (.unaryAdjoint(.exp), [f(2), d(2)], .type(expected: "f32", found: .f64)),
    (.binary(.add), [f(4, 3), f(5, 1)], .mismatch(axis: 0, left: 4, right: 5)),
    (.binary(.add), [f(3), f(5, 2)], .mismatch(axis: 0, left: 3, right: 2)),
    (.binary(.add), [f(0), f(2)], .mismatch(axis: 0, left: 0, right: 2)),
    (.binary(.add), [f(3), d(3)], .type(expected: "f32", found: .f64)),
    (.binary(.divide), [i(3), i(3)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (
      .scalar(.power, 2, numberFirst: false), [i(3)],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (.scalar(.add, 0.5, numberFirst: false), [i(3)], nil),
    (.scalar(.add, .infinity, numberFirst: false), [i(3)], nil),
    (.select, [f(3), f(3), f(3)], .type(expected: "bool", found: .f32)),
    (.binary(.add), [b(3), b(3)], .type(expected: "a float, i32 or i64", found: .bool)),
    (.unary(.negate), [b(3)], .type(expected: "a float, i32 or i64", found: .bool)),
    (.fill(2, .bool, [3]), [], .rule(.truth(2))),
    (.select, [b(3), f(3), d(3)], .type(expected: "f32", found: .f64)),
    (.select, [b(2), f(3), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (.clip(low: 1, high: -1), [f(3)], nil),
    (.clip(low: .nan, high: 1), [f(3)], nil),
    (.clipAdjoint(low: 0, high: 1), [f(3), f(1)], .mismatch(axis: 0, left: 3, right: 1)),
    (.cast(.f32), [], nil),
    (.broadcast([2, 3]), [f(2)], .mismatch(axis: 0, left: 2, right: 3)),
    (.broadcast([2]), [f(1, 2)], .mismatch(axis: nil, left: 2, right: 1)),
    (.broadcast([-1]), [f(1)], .rule(.nonNegativeLengths)),
    (plain, [f(2, 3), f(4, 3)], .mismatch(axis: 1, left: 3, right: 4)),
    (plain, [f(2), f(2, 3)], .rule(.leastRank(2))),
    (plain, [i(2, 3), i(3, 2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (plain, [f(2, 2, 3), f(3, 3, 2)], .mismatch(axis: 0, left: 2, right: 3)),
    (plain, [f(1 << 30, 1), f(1, 1 << 30)], .rule(.elementLimit)),
    (.reduce(.sum, axes: [2], keepDims: false), [f(2, 3)], .noSuchAxis(2)),
    (.reduce(.sum, axes: [1, 0], keepDims: false), [f(2, 3)], nil),
    (.reduce(.sum, axes: [0, 0], keepDims: false), [f(2, 3)], nil),
    (.reduce(.max, axes: [0], keepDims: false), [f(0, 3)], .rule(.entries(axis: 0))),
    (.reduce(.average, axes: [0], keepDims: false), [f(0, 3)], .rule(.entries(axis: 0))),
    (
      .reduce(.average, axes: [0], keepDims: false), [i(3)],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (.argReduce(.least, axis: -1), [f(2)], .noSuchAxis(-1)),
    (.argReduce(.least, axis: 0), [f(0)], .rule(.entries(axis: 0))),
    (.permute([0]), [f(2, 3)], nil),
    (.permute([0, 0]), [f(2, 3)], nil),
    (.concat(axis: 0), [], nil),
    (.concat(axis: 0), [f()], .noSuchAxis(0)),
    (.concat(axis: 0), [f(2, 3), f(2, 4)], .mismatch(axis: 1, left: 3, right: 4)),
    (.concat(axis: 0), [f(2), f(2, 1)], .mismatch(axis: nil, left: 1, right: 2)),
    (.slice([]), [f(2)], .mismatch(axis: nil, left: 1, right: 0)),
    (.slice([AxisSlice(start: 0, count: 3)]), [f(2)], nil),
    (.slice([AxisSlice(start: 1, count: 3, step: -1)]), [f(2)], nil),
    (.slice([AxisSlice(start: 0, count: 1, step: 0)]), [f(2)], nil),
    (.slice([AxisSlice(start: 0, count: -1)]), [f(2)], nil),
    (.slice([AxisSlice(start: 1, count: .max, step: .max)]), [f(2)], nil),
    (.unslice([AxisSlice(start: 0, count: 2)], [4]), [f(3)], .mismatch(axis: 0, left: 3, right: 2)),
    (.take(axis: 0), [f(2), f(2)], .type(expected: "i32", found: .f32)),
    (.take(axis: 1), [f(2), i(2)], .noSuchAxis(1)),
    (.takeAdjoint(axis: 0, [5]), [f(3), i(2)], .mismatch(axis: 0, left: 3, right: 2)),
    (.gather(axis: 0), [f(2), f(2)], .type(expected: "i32", found: .f32)),
    (.gather(axis: 0), [f(2, 3), i(4, 2)], .rule(.indicesAlong(axis: 0))),
    (.gather(axis: 0), [f(2, 3), i(4)], .rule(.indicesAlong(axis: 0))),
    (.gather(axis: 1), [f(2), i(2)], .noSuchAxis(1)),
    (.gatherAdjoint(axis: 0, [5]), [f(3), i(2)], .mismatch(axis: 0, left: 3, right: 2)),
    (.gatherAdjoint(axis: 0, [5]), [i(3), i(3)], nil),
    (.topIndices(count: 5), [f(3, 4)], .rule(.greatest(count: 5, length: 4))),
    (.topIndices(count: 0), [f(4)], .rule(.greatest(count: 0, length: 4))),
    (.topIndices(count: 1), [f()], .rule(.leastRank(1))),
    (.topIndices(count: 1), [f(0)], .rule(.greatest(count: 1, length: 0))),
    (.cumulativeSum(axis: 2, reversed: false), [f(2, 3)], .noSuchAxis(2)),
    (.triangle(upper: true, diagonal: 0), [f(3)], .rule(.leastRank(2))),
    (.oneHot(classes: 0, .f32), [i(2)], nil),
    (.oneHot(classes: .max, .f32), [i(2)], .rule(.elementLimit)),
    (.oneHot(classes: 2, .f32), [f(2)], .type(expected: "i32", found: .f32)),
    (.softmax(axis: 0), [f()], .noSuchAxis(0)),
    (.softmaxAdjoint(axis: 0), [f(2), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (.logSoftmax(axis: 0), [i(2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (.logSoftmaxAdjoint(axis: 1), [f(2), f(2)], .noSuchAxis(1)),
    (.logSumExp(axis: 0, keepDims: false), [f(0)], .rule(.entries(axis: 0))),
    (.crossEntropy(), [f(2, 3), i(3)], .rule(.labels([2]))),
    (.crossEntropy(), [f(2, 3), f(2)], .type(expected: "i32", found: .f32)),
    (.crossEntropy(), [f(), i()], nil),
    (.crossEntropy(), [f(0, 3), i(0)], .rule(.rows)),
    (.crossEntropy(), [f(2, 0), i(2)], .rule(.classes(found: 0))),
    (.crossEntropyAdjoint(), [f(1), f(2, 3), i(2)], .mismatch(axis: nil, left: 1, right: 0)),
    (.layerNorm(epsilon: 1), [f(), f(), f()], .rule(.leastRank(1))),
    (.layerNorm(epsilon: 1), [f(2, 0), f(0), f(0)], .rule(.entries(axis: 1))),
    (.layerNorm(epsilon: -1), [f(2, 3), f(3), f(3)], .rule(.epsilon(-1))),
    (.layerNorm(epsilon: 1), [f(2, 3), f(2), f(2)], .mismatch(axis: 0, left: 2, right: 3)),
    (.layerNorm(epsilon: 1), [f(2, 3), f(3), d(3)], .type(expected: "f32", found: .f64)),
    (
      .layerNorm(epsilon: 1), [i(2), i(2), i(2)],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (
      .layerNormAdjoint([.x]), [f(4, 3), f(4, 3), f(3), f(4), f(3)],
      .mismatch(axis: 0, left: 3, right: 4)
    ),
    (.layerNormAdjoint([.x]), [f(4, 3), f(4, 3), f(3), f(4)], nil),
    (.layerNormAdjoint([.x]), [s(4, 3), s(4, 3), s(3), f(4), f(4)], nil),
    (.layerNormAdjoint([]), [f(3), f(3), f(3), f(), f()], nil),
    (.layerNormAdjoint([.gain, .x]), [f(3), f(3), f(3), f(), f()], nil),
    (.normalize(.batch, epsilon: 1), [f(3), f(3), f(3)], .rule(.leastRank(2))),
    (.normalize(.batch, epsilon: 1), [f(0, 3), f(3), f(3)], .rule(.rows)),
    (
      .normalize(.group(2), epsilon: 1), [f(4, 3), f(3), f(3)],
      .rule(.channelGroups(2, channels: 3))
    ),
    (
      .normalize(.group(0), epsilon: 1), [f(4, 3), f(3), f(3)],
      .rule(.channelGroups(0, channels: 3))
    ),
    (.normalize(.group(1), epsilon: 1), [f(4, 0, 3), f(3), f(3)], .rule(.entries(axis: 1))),
    (.normalize(.rms, epsilon: -1), [f(4, 3), f(3)], .rule(.epsilon(-1))),
    (.normalize(.rms, epsilon: 1), [f(4, 3), f(4)], .mismatch(axis: 0, left: 4, right: 3)),
    (.normalizeAdjoint(.rms, [.offset]), [f(4, 3), f(4, 3), f(3), f(4)], nil),
    (
      .normalizeAdjoint(.batch, [.x]), [f(4, 3), f(4, 3), f(3), f(4), f(3)],
      .mismatch(axis: 0, left: 4, right: 3)
    ),
    (.attention(attention), [f(3), f(4, 3), f(4, 6)], .rule(.leastRank(2))),
    (.attention(inside), [f(5, 3), f(4, 3), f(4, 6)], .rule(.leastRank(3))),
    (.attention(attention), [f(5, 3), f(4, 2), f(4, 6)], .mismatch(axis: 1, left: 3, right: 2)),
    (.attention(attention), [f(5, 3), f(4, 3), f(3, 6)], .mismatch(axis: 0, left: 4, right: 3)),
    (
      .attention(attention), [f(2, 5, 3), f(3, 4, 3), f(2, 4, 6)],
      .mismatch(axis: 0, left: 2, right: 3)
    ),
    (.attention(attention), [f(5, 3), f(0, 3), f(0, 6)], .rule(.keys)),
    (.attention(masked), [f(5, 3), f(4, 3), f(4, 6), b(2, 5, 4)], .rule(.maskShape([5, 4]))),
    (.attention(masked), [f(5, 3), f(4, 3), f(4, 6), i(4)], .type(expected: "f32", found: .i32)),
    (
      .attention(Attention(isCausal: true, scale: .infinity, isMasked: false)),
      [f(5, 3), f(4, 3), f(4, 6)], .rule(.finiteScale(.infinity))
    ),
    (
      .attentionAdjoint(attention, []), [f(5, 6), f(5, 3), f(4, 3), f(4, 6), f(5), f(5)],
      .rule(.attentionParts)
    ),
    (
      .attentionAdjoint(attention, [.q]), [f(5, 6), f(5, 3), f(4, 3), f(4, 6), f(5), f(4)],
      .mismatch(axis: 0, left: 4, right: 5)
    ),
    (.cell(.gru), [f(2, 6), f(2, 6), f(2, 3)], .mismatch(axis: 1, left: 6, right: 9)),
    (.cell(.lstm), [f(8), f()], .rule(.leastRank(1))),
    (.cell(.lstm), [f(8), d(2)], .type(expected: "f32", found: .f64)),
    (.cellAdjoint(.gru), [f(2, 2), f(2, 6), f(2, 2)], .mismatch(axis: 1, left: 6, right: 8)),
    (.cellAdjoint(.lstm), [f(2), f(3), f(8), f(2)], .mismatch(axis: 0, left: 2, right: 3)),
    (.conv2d(two), [f(2, 5, 6), f(3, 2, 3, 4)], .rule(.window(.images))),
    (.conv2d(two), [f(2, 5, 6, 6), f(3, 2, 0, 4)], .rule(.window(.weights))),
    (
      .conv2d(two), [i(2, 5, 6, 6), i(3, 2, 3, 4)],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (.conv2d(two), [f(2, 5, 6, 6), d(3, 2, 3, 4)], .type(expected: "f32", found: .f64)),
    (
      .conv2d(two), [f(2, 5, 6, 4), f(3, 2, 3, 4)],
      .rule(.window(.channels(found: 4, inputs: 3, groups: 2)))
    ),
    (.conv2d(two), [f(2, 5, 6, 6), f(3, 2, 3, 5)], .rule(.window(.groups(2, outputs: 5)))),
    (
      .conv2d(two), [f(2, 5, 6, 6), f(8, 2, 3, 4)],
      .rule(.window(.room(span: 8, length: 7)))
    ),
    (.conv2d(Convolution(groups: 0)), [f(1, 1, 1, 1), f(1, 1, 1, 1)], .rule(.window(.steps))),
    (
      .conv2d(Convolution(height: Sliding(stride: 0))), [f(1, 1, 1, 1), f(1, 1, 1, 1)],
      .rule(.window(.steps))
    ),
    (
      .conv2d(Convolution(width: Sliding(before: -1))), [f(1, 1, 1, 1), f(1, 1, 1, 1)],
      .rule(.window(.steps))
    ),
    (
      .conv2d(Convolution(width: Sliding(dilation: .max))), [f(1, 1, 1, 1), f(1, 2, 1, 1)],
      .rule(.window(.steps))
    ),
    (
      .conv2dTranspose(two, height: 7, width: 6), [f(2, 3, 4, 4), f(3, 2, 3, 4)],
      .rule(.window(.windows(found: 3, length: 7)))
    ),
    (
      .conv2dTranspose(two, height: 5, width: 6), [f(2, 3, 4, 2), f(3, 2, 3, 4)],
      .rule(.window(.channels(found: 2, inputs: 4, groups: 1)))
    ),
    (.conv2dTranspose(two, height: .max, width: 6), [f(2, 3, 4, 4), f(3, 2, 3, 4)], nil),
    (
      .conv2dWeights(two, height: 3, width: 2), [f(2, 5, 6, 6), f(1, 3, 4, 4)],
      .mismatch(axis: 0, left: 1, right: 2)
    ),
    (.conv2dWeights(two, height: -1, width: 2), [f(2, 5, 6, 6), f(2, 3, 4, 4)], nil),
    (.maxPool(pairs), [f(2, 5, 6)], .rule(.window(.images))),
    (.maxPool(pairs), [f(2, 1, 6, 3)], .rule(.window(.room(span: 2, length: 1)))),
    (.maxPool(pairs), [f(2, 0, 6, 3)], .rule(.entries(axis: 1))),
    (.maxPool(pairs), [i(2, 2, 2, 2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (
      .averagePool(
        Pooling(
          height: .sliding(size: 2, stride: 1, before: 2, after: 0), width: .adaptive(count: 1))),
      [f(2, 5, 6, 3)], .rule(.window(.poolingSteps))
    ),
    (
      .averagePool(Pooling(height: .adaptive(count: 0), width: .adaptive(count: 1))),
      [f(2, 5, 6, 3)], .rule(.window(.poolingSteps))
    ),
    (
      .maxPoolAdjoint(pairs), [f(2, 2, 2, 3), f(2, 5, 6, 3)], .mismatch(axis: 2, left: 2, right: 3)
    ),
    (
      .averagePoolAdjoint(pairs, height: 8, width: 6), [f(2, 2, 3, 3)],
      .rule(.window(.windows(found: 2, length: 8)))
    ),
    (.pad([], 0), [f(2)], .rule(.window(.entries(0, axes: 1)))),
    (.pad([AxisPadding(before: -1, after: 0)], 0), [f(2)], .rule(.window(.padding))),
    (.pad([AxisPadding(before: 0, after: 0)], 0.5), [i(2)], .rule(.integer(0.5, .i32))),
    (.dropout(rate: 1, site: 0), [f(2)], nil),
    (.dropout(rate: .nan, site: 0), [f(2)], nil),
    (
      .random(.normal, .i32, [2], site: 0), [],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (.random(.uniform(low: 1, high: 0), .f32, [2], site: 0), [], nil),
    (.random(.normal, .f32, [2], site: 0), [f(2)], .rule(.operands(expected: 0, found: 1))),
    (.fill(0.5, .i32, [2]), [], nil),
    (.stopGradient, [], .rule(.operands(expected: 1, found: 0))),
    (.range(start: .nan, step: 1, .f32, count: 1), [], nil),
    (.range(start: 0, step: 1, .f32, count: -1), [], nil),
    (.literal([1], .f32, [2]), [], .count(expected: 2, found: 1)),
    (.fill(1, .f32, Shape([1 << 49])), [], .rule(.elementLimit)),
    (.update(.sgd(rate: 1)), [f(2), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (.update(adam), [f(2), f(2)], .rule(.operands(expected: 4, found: 2))),
    (
      .update(adafactor), [f(2, 3), f(2, 3), f(3), f(2)], .mismatch(axis: 0, left: 3, right: 2)
    ),
    (
      .update(.sgd(rate: 1), isScaled: true), [f(2), f(2), f()],
      .type(expected: "f64", found: .f32)
    ),
    (.update(.sgd(rate: 1), isScaled: true), [f(2), f(2), d(1)], nil),
    (.update(.sgd(rate: 1)), [], nil),
    (.crossEntropy(LabelRule(smoothing: 2)), [f(2, 3), i(2)], .rule(.smoothing(2))),
    (
      .linearCrossEntropy(pieces: 1), [f(4, 3), f(2, 7), i(4)],
      .mismatch(axis: 1, left: 3, right: 2)
    ),
    (.linearCrossEntropy(pieces: 0), [f(4, 3), f(3, 7), i(4)], .rule(.pieces(0))),
    (.linearCrossEntropy(pieces: 1), [f(4, 3), f(3, 7), i(3)], .rule(.labels([4]))),
    (.linearCrossEntropy(pieces: 1), [f(0, 3), f(3, 7), i(0)], .rule(.rows)),
    (.linearCrossEntropy(pieces: 1), [f(4, 3), f(3, 0), i(4)], .rule(.classes(found: 0))),
    (
      .linearCrossEntropyAdjoint([.w, .x], pieces: 1), [f(), f(4, 3), f(3, 7), i(4), f(4)],
      .rule(.productParts)
    ),
    (.pairLoss(.absolute), [f(2), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (.pairLoss(.absolute), [f(0), f(0)], .rule(.rows)),
    (.pairLossAdjoint(.absolute), [f(1), f(2), f(2)], .mismatch(axis: nil, left: 1, right: 0)),
    (.gradientScale(norm: 1), [f(2), i(2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
    (.accumulate(isInPlace: true), [f(2), f(3)], .mismatch(axis: 0, left: 2, right: 3)),
    (
      .exchange(Exchange(.allReduce, .ring, workers: 2, values: 1)), [i(2)],
      .type(expected: "f32, f64, f16 or bf16", found: .i32)
    ),
    (.update(.sgd(rate: 1)), [i(2), i(2)], .type(expected: "f32, f64, f16 or bf16", found: .i32)),
  ]

  @Test func `every operation has rows of both kinds in the tables`() {
    #expect(Set(Self.good.map { OperationKind($0.0) }) == Set(OperationKind.allCases))
    #expect(Set(Self.bad.map { OperationKind($0.0) }) == Set(OperationKind.allCases))
  }

  @Test(arguments: good.indices)
  func `operands that fit give the types of the values`(row: Int) throws {
    let (operation, types, expected) = Self.good[row]
    let found = try operation.resultTypes(ofTypes: types)
    #expect(found == expected, "\(operation)")
    let operands = types.enumerated().map { Operand(.input($0), shape: $1.shape, dtype: $1.dtype) }
    let again = try operation.resultTypes(of: operands)
    #expect(again == expected)
  }

  @Test(arguments: bad.indices)
  func `operands that do not fit are refused with the shapes`(row: Int) throws {
    let (operation, types, problem) = Self.bad[row]
    let error = #expect(throws: ShapeError.self) { try operation.resultTypes(ofTypes: types) }
    #expect(error?.operation == operation.name)
    #expect(error?.shapes == types.map { $0.shape })
    if let problem { #expect(error?.problem == problem, "\(operation)") }
  }

  @Test func `every operation with a good row refuses one operand more and one less`() throws {
    let variadic: [OperationKind] = [.concat, .gradientScale]
    for (operation, types, _) in Self.good where !variadic.contains(OperationKind(operation)) {
      #expect(throws: ShapeError.self) { try operation.resultTypes(ofTypes: types + [Self.f(1)]) }
      if types.isEmpty { continue }
      #expect(throws: ShapeError.self) {
        try operation.resultTypes(ofTypes: Array(types.dropLast()))
      }
    }
  }

  @Test func `absurd shapes are answered, and no value passes the limits`() {
    var random = SplitMix(seed: 5)
    let lengths = [0, 1, 2, 3, 1 << 16, 1 << 24, 1 << 31]
    for _ in 0..<4000 {
      let (operation, types, _) = Self.good[Int.random(in: 0..<Self.good.count, using: &random)]
      let absurd: [TensorType] = types.map { type in
        var axes: [Int] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          axes.append(lengths.randomElement(using: &random) ?? 1)
        }
        return TensorType(Shape(axes), type.dtype)
      }
      guard let types = try? operation.resultTypes(ofTypes: absurd) else { continue }
      #expect(types.count == operation.resultNames.count)
      #expect(types.allSatisfy { $0.shape.count < Shape.elementLimit })
      #expect(types.allSatisfy { $0.shape.rank <= Shape.rankLimit })
      let operands = absurd.enumerated().map {
        Operand(.input($0), shape: $1.shape, dtype: $1.dtype)
      }
      #expect(operation.cost(operands: operands, results: types) >= 0)
    }
  }

  @Test func `shapes from numbers are checked and never trap`() {
    #expect(Shape.checked([2, 3]) == [2, 3])
    #expect(Shape.checked([-1]) == nil)
    #expect(Shape.checked([.max, .max]) == nil)
    #expect(Shape.checked([0, .max, .max]) == nil)
    #expect(Shape.checked([1 << 47]) == Shape([1 << 47]))
    #expect(Shape.checked([1 << 48]) == nil)
    #expect(Shape.checked(Array(repeating: 1, count: Shape.rankLimit + 1)) == nil)
  }
}
