import Tensors

/// The types of what each operation makes.
extension ShapeRule {
  /// The operand's own; floating unless the function takes integers.
  func unary(_ function: Unary) throws(ShapeError) -> TensorType {
    try takes(1)
    try numeric(0)
    if !function.takesIntegers { try floating(0) }
    return types[0]
  }

  /// Of two floating operands alike.
  func floatingPair() throws(ShapeError) -> TensorType {
    try takes(2)
    try floating(0)
    try alike(0, 1)
    return types[0]
  }

  /// Of two operands of one type, broadcast; comparisons give i32, and i32 operands are for
  /// functions that take integers.
  func binary(_ function: Binary) throws(ShapeError) -> TensorType {
    try takes(2)
    try numeric(0)
    try type(1, is: types[0].dtype)
    if !function.takesIntegers { try floating(0) }
    let shape = try broadcast(types[0].shape, types[1].shape)
    return TensorType(shape, function.isComparison ? .bool : types[0].dtype)
  }

  /// The operand's own, i32 for comparisons; the number is one that its type holds.
  func scalar(_ function: Binary, _ number: Double) throws(ShapeError) -> TensorType {
    try takes(1)
    try numeric(0)
    if !function.takesIntegers { try floating(0) }
    // Short floats meet the number in f32.
    try holds(number, types[0].dtype.computed)
    return TensorType(types[0].shape, function.isComparison ? .bool : types[0].dtype)
  }

  /// That an element can hold a number; a float holds any, rounded, that is not too large.
  func holds(_ number: Double, _ dtype: DType) throws(ShapeError) {
    switch dtype {
    case .f64: break
    case .f32:
      guard !number.isFinite || Float(number).isFinite else {
        throw failure(.finite(number, dtype))
      }
    case .f16, .bf16:
      guard dtype.short?.holds(number) != false else { throw failure(.finite(number, dtype)) }
    case .i32:
      guard Int32(exactly: number) != nil else { throw failure(.integer(number, dtype)) }
    case .i64:
      guard number.magnitude <= Double(DType.wholeLimit), number == number.rounded() else {
        throw failure(.integer(number, dtype))
      }
    case .bool:
      guard number == 0 || number == 1 else { throw failure(.truth(number)) }
    }
  }

  /// Of a condition in i32 and two choices of one type, all broadcast together.
  func select() throws(ShapeError) -> TensorType {
    try takes(3)
    try type(0, is: .bool)
    try type(2, is: types[1].dtype)
    let choices = try broadcast(types[1].shape, types[2].shape)
    return TensorType(try broadcast(types[0].shape, choices), types[1].dtype)
  }

  /// The floating operand's own; `low` is not above `high`.
  func clip(low: Double, high: Double) throws(ShapeError) -> TensorType {
    try takes(1)
    try floating(0)
    guard low <= high else { throw failure(.bounds(low: low, high: high)) }
    return types[0]
  }

  /// The operand's shape in the other type.
  func cast(_ dtype: DType) throws(ShapeError) -> TensorType {
    try takes(1)
    return TensorType(types[0].shape, dtype)
  }

  /// The target, which the operand's axes end in, save those of length 1.
  func broadcast(to target: Shape) throws(ShapeError) -> TensorType {
    try takes(1)
    let target = try shape(target.axes)
    let found = types[0].shape
    guard found.rank <= target.rank else {
      throw failure(.mismatch(axis: nil, left: found.rank, right: target.rank))
    }
    let lead = target.rank - found.rank
    for axis in 0..<found.rank where found[axis] != 1 && found[axis] != target[lead + axis] {
      throw failure(.mismatch(axis: axis, left: found[axis], right: target[lead + axis]))
    }
    return TensorType(target, types[0].dtype)
  }

  /// Of two floating operands of rank 2 or more: leading axes broadcast, then rows and columns;
  /// their inner axes are of one length.
  func matmul(
    transposeLeft: Bool, transposeRight: Bool
  ) throws(ShapeError) -> TensorType {
    try takes(2)
    try floating(0)
    try type(1, is: types[0].dtype)
    let (a, b) = (types[0].shape, types[1].shape)
    guard a.rank >= 2, b.rank >= 2 else { throw failure(.leastRank(2)) }
    let inner = transposeLeft ? a.rank - 2 : a.rank - 1
    let rows = a[transposeLeft ? a.rank - 1 : a.rank - 2]
    let columns = b[transposeRight ? b.rank - 2 : b.rank - 1]
    let found = b[transposeRight ? b.rank - 1 : b.rank - 2]
    guard a[inner] == found else {
      throw failure(.mismatch(axis: inner, left: a[inner], right: found))
    }
    let batches = try broadcastAxes(a.axes.dropLast(2), b.axes.dropLast(2))
    return TensorType(try shape(batches + [rows, columns]), types[0].dtype)
  }

  /// The operand's without the axes, which ascend; only a sum may be over no entries, and only
  /// floats are averaged.
  func reduce(
    _ reduction: Reduction, axes: [Int], keepDims: Bool
  ) throws(ShapeError) -> TensorType {
    try takes(1)
    try numeric(0)
    let shape = types[0].shape
    for index in axes { try axis(index, of: shape) }
    for (index, next) in zip(axes, axes.dropFirst()) where index >= next {
      throw failure(.ascendingAxes(axes))
    }
    switch reduction {
    case .sum: break
    case .average:
      try floating(0)
      for index in axes { try nonEmpty(axis: index) }
    case .max, .min: for index in axes { try nonEmpty(axis: index) }
    }
    return TensorType(shape.reduced(axes, keepDims: keepDims), types[0].dtype)
  }

  /// That an axis of the first operand exists and has entries.
  func nonEmpty(axis index: Int) throws(ShapeError) {
    try axis(index, of: types[0].shape)
    guard types[0].shape[index] > 0 else { throw failure(.entries(axis: index)) }
  }

  /// The first operand's, with the axis as long as those of all together; the other axes agree.
  func concat(axis index: Int) throws(ShapeError) -> TensorType {
    guard let first = types.first else { throw failure(.someOperands) }
    try takes(types.count)
    try axis(index, of: first.shape)
    var length = 0
    for (position, operand) in types.enumerated() {
      try type(position, is: first.dtype)
      guard operand.shape.rank == first.shape.rank else {
        throw failure(.mismatch(axis: nil, left: first.shape.rank, right: operand.shape.rank))
      }
      for other in 0..<first.shape.rank
      where other != index && operand.shape[other] != first.shape[other] {
        throw failure(
          .mismatch(axis: other, left: first.shape[other], right: operand.shape[other]))
      }
      let (sum, overflow) = length.addingReportingOverflow(operand.shape[index])
      guard !overflow else { throw failure(.elementLimit) }
      length = sum
    }
    var axes = first.shape.axes
    axes[index] = length
    return TensorType(try shape(axes), first.dtype)
  }

  /// The operand's shape without the axis, which has entries, in i32.
  func argReduce(axis: Int) throws(ShapeError) -> TensorType {
    try takes(1)
    try numeric(0)
    try nonEmpty(axis: axis)
    return TensorType(types[0].shape.reduced([axis], keepDims: false), .i32)
  }

  /// The operand's with its axes in this order, in which each stands once.
  func permute(_ order: [Int]) throws(ShapeError) -> TensorType {
    try takes(1)
    let shape = types[0].shape
    guard order.sorted() == Array(0..<shape.rank) else {
      throw failure(.order(order, rank: shape.rank))
    }
    return TensorType(Shape(order.map { shape[$0] }), types[0].dtype)
  }

  /// As many entries of each axis as its slice has.
  func slice(_ slices: [AxisSlice]) throws(ShapeError) -> TensorType {
    try takes(1)
    try self.slices(slices, of: types[0].shape)
    return TensorType(try shape(slices.map(\.count)), types[0].dtype)
  }

  /// The target, of which the slices have the operand's shape.
  func unslice(
    _ slices: [AxisSlice], _ target: Shape
  ) throws(ShapeError) -> TensorType {
    try takes(1)
    let whole = try shape(target.axes)
    try self.slices(slices, of: whole)
    try same(types[0].shape, try shape(slices.map(\.count)))
    return TensorType(whole, types[0].dtype)
  }

  /// Of x and i32 indices: x's, with the indices' axes in place of the axis; whether the indices
  /// are in range is known only in a run.
  func take(axis index: Int) throws(ShapeError) -> TensorType {
    try takes(2)
    try integer(1)
    try axis(index, of: types[0].shape)
    return TensorType(try taken(axis: index, of: types[0].shape), types[0].dtype)
  }

  /// The target, where the first operand has the shape that `take` gives of it with these indices.
  func takeAdjoint(
    axis index: Int, _ target: Shape
  ) throws(ShapeError) -> TensorType {
    try takes(2)
    try floating(0)
    try integer(1)
    let whole = try shape(target.axes)
    try axis(index, of: whole)
    try same(types[0].shape, try taken(axis: index, of: whole))
    return TensorType(whole, types[0].dtype)
  }

  /// The i32 operand's shape with a last axis of `classes`, which is 1 or more, in the given type.
  func oneHot(_ classes: Int, _ dtype: DType) throws(ShapeError) -> TensorType {
    try takes(1)
    try integer(0)
    guard classes >= 1 else { throw failure(.classes(found: classes)) }
    return TensorType(try shape(types[0].shape.axes + [classes]), dtype)
  }

  /// Of one floating operand, along an axis that it has.
  func alongAxis(_ index: Int) throws(ShapeError) -> TensorType {
    try takes(1)
    try floating(0)
    try axis(index, of: types[0].shape)
    return types[0]
  }

  /// Of two floating operands alike, along an axis that they have.
  func alongAxisAdjoint(_ index: Int) throws(ShapeError) -> TensorType {
    let type = try floatingPair()
    try axis(index, of: type.shape)
    return type
  }

  /// The floating operand's without the axis, which has entries.
  func logSumExp(axis: Int, keepDims: Bool) throws(ShapeError) -> TensorType {
    try takes(1)
    try floating(0)
    try nonEmpty(axis: axis)
    return TensorType(types[0].shape.reduced([axis], keepDims: keepDims), types[0].dtype)
  }

  /// A scalar of the logits' type, f32 where that is short, from logits [n…, classes] and labels
  /// i32 [n…] with one row or more.
  func crossEntropy() throws(ShapeError) -> TensorType {
    try takes(2)
    try logits(0, labels: 1)
    guard types[1].shape.count > 0 else { throw failure(.rows) }
    return TensorType(.scalar, types[0].dtype.computed)
  }

  /// The logits' own, from a scalar g, logits and labels.
  func crossEntropyAdjoint() throws(ShapeError) -> TensorType {
    try takes(3)
    try logits(1, labels: 2)
    try type(0, is: types[1].dtype.computed)
    try same(types[0].shape, .scalar)
    return types[1]
  }

  /// x's own, and two of one number a row, from x [rows…, size], gain [size] and offset [size];
  /// epsilon is 0 or more.
  func layerNorm(epsilon: Double) throws(ShapeError) -> [TensorType] {
    try takes(3)
    guard epsilon >= 0 else { throw failure(.epsilon(epsilon)) }
    let rows = try normalized(0, gain: 1)
    try alike(1, 2)
    return [types[0], rows, rows]
  }

  /// For each part the type of the operand it is the adjoint of, from g, x, gain, mean (unless x is
  /// of short floats) and scale; each part stands once, in the order of the operands.
  func layerNormAdjoint(
    _ parts: [NormalizationPart]
  ) throws(ShapeError) -> [TensorType] {
    try takes(types.count > 1 && types[1].dtype.isShort ? 4 : 5)
    let rows = try normalized(1, gain: 2)
    try alike(1, 0)
    for position in 3..<types.count {
      try type(position, is: rows.dtype)
      try same(types[position].shape, rows.shape)
    }
    guard !parts.isEmpty, parts == NormalizationPart.allCases.filter(parts.contains) else {
      throw failure(.normalizationParts)
    }
    return parts.map { part in
      switch part {
      case .x: types[1]
      case .gain, .offset: types[2]
      }
    }
  }

  /// That an operand is rows of one entry or more, with a gain for each entry; the type of one
  /// number a row, f32 for short floats: what is taken from all entries is not rounded so far.
  func normalized(_ x: Int, gain: Int) throws(ShapeError) -> TensorType {
    try floating(x)
    let (shape, dtype) = (types[x].shape, types[x].dtype)
    guard let size = shape.axes.last else { throw failure(.leastRank(1)) }
    guard size > 0 else { throw failure(.entries(axis: shape.rank - 1)) }
    try type(gain, is: dtype)
    try same(types[gain].shape, [size])
    return TensorType(Shape(Array(shape.axes.dropLast())), dtype.computed)
  }

  /// The floating operand's own; the rate is from 0 to below 1.
  func dropout(_ rate: Double) throws(ShapeError) -> TensorType {
    try takes(1)
    try floating(0)
    guard rate >= 0, rate < 1 else { throw failure(.rate(rate)) }
    return types[0]
  }

  /// The given shape and floating type, from no operand; the bounds of `uniform` are finite and in
  /// order.
  func random(
    _ distribution: Distribution, _ dtype: DType, _ shape: Shape
  ) throws(ShapeError) -> TensorType {
    try takes(0)
    try floating(type: dtype)
    switch distribution {
    case .normal: break
    case .uniform(let low, let high):
      guard low.isFinite, high.isFinite, low <= high else {
        throw failure(.finiteBounds(low: low, high: high))
      }
      for number in [low, high] { try holds(number, dtype) }
    }
    return TensorType(try self.shape(shape.axes), dtype)
  }

  /// The given shape and type, from no operand; the type holds the number.
  func fill(
    _ number: Double, _ dtype: DType, _ shape: Shape
  ) throws(ShapeError) -> TensorType {
    try takes(0)
    try holds(number, dtype)
    return TensorType(try self.shape(shape.axes), dtype)
  }

  /// The one operand's own.
  func same() throws(ShapeError) -> TensorType {
    try takes(1)
    return types[0]
  }

  /// One axis of `count` entries, from no operand; start and step are finite.
  func range(
    start: Double, step: Double, _ dtype: DType, count: Int
  ) throws(ShapeError) -> TensorType {
    try takes(0)
    guard start.isFinite, step.isFinite, count >= 0 else {
      throw failure(.finiteSteps)
    }
    return TensorType(try shape([count]), dtype)
  }

  /// The given shape, of as many elements as there are numbers, from no operand.
  func literal(
    _ numbers: [Double], _ dtype: DType, _ shape: Shape
  ) throws(ShapeError) -> TensorType {
    try takes(0)
    let checked = try self.shape(shape.axes)
    guard numbers.count == checked.count else {
      throw failure(.count(expected: checked.count, found: numbers.count))
    }
    return TensorType(checked, dtype)
  }

  /// That the operands are a floating parameter, its gradient, which is alike, the rule's moments,
  /// and where `isScaled` a scalar f64.
  func update(_ rule: UpdateRule, isScaled: Bool) throws(ShapeError) {
    guard let parameter = types.first else { throw failure(.someOperands) }
    let moments = rule.moments(of: parameter.shape)
    try takes(2 + moments.count + (isScaled ? 1 : 0))
    try floating(0)
    try alike(0, 1)
    for (position, moment) in moments.enumerated() {
      try type(2 + position, is: parameter.dtype)
      try same(types[2 + position].shape, moment)
    }
    guard isScaled else { return }
    try type(types.count - 1, is: .f64)
    try same(types[types.count - 1].shape, .scalar)
  }

  /// As many operands of one floating type as the exchange says; the results are alike.
  func exchange(_ exchange: Exchange) throws(ShapeError) -> [TensorType] {
    try takes(exchange.values)
    for position in types.indices {
      try floating(position)
      try type(position, is: types[0].dtype)
    }
    return exchange.isInPlace ? [] : types
  }

  /// A scalar f64, from floating operands of any shapes.
  func gradientScale() throws(ShapeError) -> TensorType {
    try takes(types.count)
    for position in types.indices { try floating(position) }
    return TensorType(.scalar, .f64)
  }

  /// The shape of `take` along an axis of `whole`, with the second operand as indices.
  func taken(axis: Int, of whole: Shape) throws(ShapeError) -> Shape {
    try shape(whole.axes[..<axis] + types[1].shape.axes + whole.axes[(axis + 1)...])
  }

  /// That one operand holds logits [n…, classes] and the other labels [n…].
  func logits(_ logits: Int, labels: Int) throws(ShapeError) {
    try floating(logits)
    try integer(labels)
    let shape = types[logits].shape
    guard let classes = shape.axes.last else { throw failure(.logits) }
    guard classes > 0 else { throw failure(.classes(found: 0)) }
    let rows = Shape(Array(shape.axes.dropLast()))
    guard types[labels].shape == rows else { throw failure(.labels(rows)) }
  }
}
