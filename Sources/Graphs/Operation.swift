package import Tensors

/// An operation is only a name with its attributes; what it means stands in tables, each an
/// exhaustive switch: the shape rule and cost (this floor), the adjoint rule (Gradients), the
/// kernel (Execution).
///
/// An operation makes one value unless it says otherwise. Operands are contiguous and row-major.
/// Axes are counted from 0 and are never negative here.
package enum Operation: Hashable, Sendable {
  /// Elementwise, one operand, same shape and type (floating types; `negate` and `abs` also i32).
  case unary(Unary)
  /// The adjoint of a unary operation: operands g and the saved value (`Unary.savesResult` says
  /// which); g · f′.
  case unaryAdjoint(Unary)
  /// Elementwise with NumPy broadcasting; both operands of one type; comparisons give bool.
  case binary(Binary)
  /// Elementwise with a number: operand ∘ number, or number ∘ operand where `numberFirst`.
  case scalar(Binary, Double, numberFirst: Bool)
  /// `where(c, a, b)`: operands c (bool), a, b, broadcast together.
  case select
  /// Elementwise clamp to [low, high].
  case clip(low: Double, high: Double)
  /// The adjoint of `clip` on operands g, x: g where x is inside, 0 outside.
  case clipAdjoint(low: Double, high: Double)
  /// The same elements in another type.
  case cast(DType)
  /// The same elements, with axes of length 1 (and missing leading axes) repeated.
  case broadcast(Shape)
  /// `a @ b` over the last two axes, leading axes broadcast, either operand read transposed in its
  /// last two axes. Operands have rank 2 or more (the builder reshapes vectors).
  case matmul(transposeLeft: Bool, transposeRight: Bool)
  /// Operands x [n, height, width, inputs] and weights [height, width, inputs / groups, outputs]:
  /// for each window of x and each output, the sum of its entries times their weights.
  indirect case conv2d(Convolution)
  /// Operands g and the weights of a convolution, of which g is the adjoint: that of its x, of this
  /// height and width. As a forward operation, the transposed convolution of g.
  indirect case conv2dTranspose(Convolution, height: Int, width: Int)
  /// Operands x and g, the adjoint of a convolution of x: that of its weights, of this height and
  /// width.
  indirect case conv2dWeights(Convolution, height: Int, width: Int)
  /// The greatest entry of each window of images [n, height, width, channels].
  indirect case maxPool(Pooling)
  /// Operands g and x: each window's adjoint, at the first entry of the window that is its
  /// greatest.
  indirect case maxPoolAdjoint(Pooling)
  /// The average of each window of images [n, height, width, channels].
  indirect case averagePool(Pooling)
  /// The adjoint of `averagePool` on g, of images of this height and width.
  indirect case averagePoolAdjoint(Pooling, height: Int, width: Int)
  /// The operand with places before and after along each axis, which hold the number.
  case pad([AxisPadding], Double)
  /// Sum, max, min or average over axes (ascending); the reduced axes stay with length 1 where
  /// `keepDims`.
  case reduce(Reduction, axes: [Int], keepDims: Bool)
  /// Index of the first greatest (least) along an axis: i32.
  case argReduce(Extremum, axis: Int)
  /// Axis i of the result is axis `order[i]` of the operand.
  case permute([Int])
  /// Operands laid one after the other along an axis.
  case concat(axis: Int)
  /// Part of each axis: one entry an axis.
  case slice([AxisSlice])
  /// The adjoint of `slice`: zeros of the shape with the operand written into the slices.
  indirect case unslice([AxisSlice], Shape)
  /// Operands x and indices (i32, any shape): the indexed entries of an axis; the indices' axes
  /// stand in its place.
  case take(axis: Int)
  /// The adjoint of `take`: operands g and indices; zeros of the shape with g added at the indices,
  /// in order.
  indirect case takeAdjoint(axis: Int, Shape)
  /// Operands x and indices (i32, of x's shape but along the axis): for each index, the entry of x
  /// there, at the same place along the other axes.
  case gather(axis: Int)
  /// The adjoint of `gather`: operands g and indices; zeros of the shape with g added at the
  /// indices, in order.
  indirect case gatherAdjoint(axis: Int, Shape)
  /// Indices (i32) of the `count` greatest along the last axis, the greatest first, of equals the
  /// first.
  case topIndices(count: Int)
  /// Each entry of an axis with the sum of all before it, or after it where `reversed`, added.
  case cumulativeSum(axis: Int, reversed: Bool)
  /// What lies on and above (on and below) a diagonal of the last two axes, and zeros; the diagonal
  /// `diagonal` places above the main one.
  case triangle(upper: Bool, diagonal: Int)
  /// Operand i32 of any shape; a last axis of `classes` with 1 at the index, in the given type.
  case oneHot(classes: Int, DType)
  /// Exponentials along an axis, divided by their sum.
  case softmax(axis: Int)
  /// Operands g and the softmax.
  case softmaxAdjoint(axis: Int)
  /// The logarithm of the softmax.
  case logSoftmax(axis: Int)
  /// Operands g and the log-softmax.
  case logSoftmaxAdjoint(axis: Int)
  /// The logarithm of the sum of exponentials along an axis, which stays with length 1 where
  /// `keepDims`.
  case logSumExp(axis: Int, keepDims: Bool)
  /// Average over rows of −log softmax(logits)[label]; operands logits [n…, classes] and labels i32
  /// [n…]; a scalar. A rule may smooth the targets, and leave rows out; where none is left, NaN.
  case crossEntropy(LabelRule = .plain)
  /// Operands g (scalar), logits, labels: g · (softmax − target) / rows.
  case crossEntropyAdjoint(LabelRule = .plain)
  /// The cross entropy of x @ w, of which so many parts of the columns are held one after the
  /// other: operands x [n…, size], w [size, classes] and labels i32 [n…]. Results: the loss, a
  /// scalar, and the logarithm of the sum of exponentials of each row, [n…].
  indirect case linearCrossEntropy(LabelRule = .plain, pieces: Int)
  /// The adjoints of some operands of `linearCrossEntropy`, each a result, in their order; operands
  /// g (scalar), x, w, labels and the logarithms.
  indirect case linearCrossEntropyAdjoint([ProductPart], LabelRule = .plain, pieces: Int)
  /// The average of a loss over the pairs of two operands of one shape; a scalar.
  case pairLoss(PairLoss)
  /// Operands g (scalar), a and b: the adjoint of a.
  case pairLossAdjoint(PairLoss)
  /// Each row (along the last axis) with mean 0 and variance 1, scaled and shifted: operands x
  /// [rows…, size], gain [size], offset [size]. Results: (x − mean) · scale · gain + offset, and
  /// the mean and the scale 1 / √(variance + epsilon) of each row, [rows…].
  case layerNorm(epsilon: Double)
  /// The adjoints of some operands of `layerNorm`, each a result, in their order; operands g, x,
  /// gain, mean, scale. Of short floats it takes no mean, and finds it again from x: a number of
  /// f32 a row is much where an element has two bytes.
  case layerNormAdjoint([NormalizationPart])
  /// A normalisation other than that of rows: `Normalization` says its operands and statistics.
  /// Results: (x − mean) · scale · gain + offset (for `rms` x · scale · gain), the mean, and the
  /// scale 1 / √(variance + epsilon); for `batch` the variance too, which running statistics need.
  indirect case normalize(Normalization, epsilon: Double)
  /// The adjoints of some operands of `normalize`, each a result, in their order; operands g, x,
  /// gain, the mean where there is one, scale.
  indirect case normalizeAdjoint(Normalization, [NormalizationPart])
  /// Scaled dot-product attention, tile by tile, so that no matrix of scores is held (Dao et al.
  /// 2022); operands q [lead…, queries, width], k [lead…, keys, width], v [lead…, keys, columns]
  /// and, where there is one, a mask that broadcasts to [lead…, queries, keys]. Results: softmax(q
  /// kᵀ · scale) v (`Attention.headsInside` says in which order of axes), and of each query the
  /// logarithm of the softmax's sum, for short floats in f32. A query that sees no key gives NaN.
  indirect case attention(Attention)
  /// The adjoints of some of q, k and v, each a result, in their order; operands g, q, k, v, the
  /// mask, the logarithms of the sums, and Σ g · value of each query, as it stands in the value.
  /// Scores are computed again, tile by tile.
  indirect case attentionAdjoint(Attention, [AttentionPart])
  /// A step of a recurrent network, beside its products: `RecurrentCell` says what.
  case cell(RecurrentCell)
  /// The adjoints of all operands of a `cell`, each a result, in their order. Operands: for `gru`
  /// g, the cell's gates and h; for `lstm` the adjoints of both results, a and c.
  case cellAdjoint(RecurrentCell)
  /// Zeroes each element with probability `rate` and scales the others by 1 / (1 − rate); the mask
  /// is drawn from Philox at (seed, site, step, element), so that a replay, and the adjoint, which
  /// is this same operation on g, draw it again.
  case dropout(rate: Double, site: Int)
  /// The same elements; no gradient flows through.
  case stopGradient
  /// A fresh draw of the node's shape from Philox at (seed, site, step, element); no operands.
  indirect case random(Distribution, DType, Shape, site: Int)
  /// A tensor of the shape filled with a number; no operands.
  indirect case fill(Double, DType, Shape)
  /// `count` numbers, the first of them `start`, each `step` above the one before; no operands.
  indirect case range(start: Double, step: Double, DType, count: Int)
  /// A tensor of the numbers, in row-major order; no operands.
  indirect case literal([Double], DType, Shape)
  /// Writes a parameter (operand 0) and the optimizer's state (operands after the gradient) in
  /// place; no value. Operands: parameter, gradient, then the moments in the optimizer's order, and
  /// where `isScaled` a number (f64). The gradient is held within ±`limit` first, and then
  /// multiplied by that number.
  indirect case update(UpdateRule, limit: Double = .infinity, isScaled: Bool = false)
  /// What gradients (the operands) are multiplied by before they update parameters: a scalar f64
  /// that brings the norm of all together, their elements held within ±`limit`, down to `norm`; 1
  /// where it is not above. For an infinite `norm` it is 1, which is there when all of them are.
  ///
  /// With a loss scale, gradients are that many times too large: the number puts them right, and is
  /// NaN where one of them is not finite, and no parameter is to be updated.
  indirect case gradientScale(norm: Double, limit: Double = .infinity, lossScale: Double? = nil)
  /// Operands: the sum of a group's gradients so far, and one more. The sum of the first and w
  /// times the other, where w is the share of the running micro-batch (`RunContext`); with
  /// `isInPlace` it is written to the first operand, and there is no value.
  case accumulate(isInPlace: Bool)
  /// What workers that train together send each other: `Exchange` says what, and which operands and
  /// results there are. Alone, a worker gets what it gives.
  indirect case exchange(Exchange)
}
