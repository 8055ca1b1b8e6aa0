package import Tensors

/// The shape and the element type of a value.
package typealias ValueType = (shape: Shape, dtype: DType)

extension Operation {
  /// The shape and type of the value that this operation makes of operands.
  ///
  /// Throws `ShapeError` where the operands do not fit; total: it never traps, whatever the operands and
  /// attributes are. An `update` makes no value: its type is that of no elements, `[0]`.
  package func resultType(of operands: [Operand]) throws(ShapeError) -> ValueType {
    try resultType(ofTypes: operands.map { ($0.shape, $0.dtype) })
  }

  /// The same for operands of which only the types are known, as in plain evaluation.
  package func resultType(ofTypes types: [ValueType]) throws(ShapeError) -> ValueType {
    let rule = ShapeRule(operation: self, types: types)
    switch self {
    case .unary(let function):
      try rule.takes(1)
      if !function.takesIntegers { try rule.floating(0) }
      return types[0]
    case .unaryAdjoint, .clipAdjoint:
      try rule.takes(2)
      try rule.floating(0)
      try rule.alike(0, 1)
      return types[0]
    case .binary(let function):
      return try rule.binary(function)
    case .scalar(let function, let number, numberFirst: _):
      return try rule.scalar(function, number)
    case .select:
      try rule.takes(3)
      try rule.integer(0)
      try rule.type(2, is: types[1].dtype)
      let choices = try rule.broadcast(types[1].shape, types[2].shape)
      return (try rule.broadcast(types[0].shape, choices), types[1].dtype)
    case .clip(let low, let high):
      try rule.takes(1)
      try rule.floating(0)
      guard low <= high else {
        throw rule.failure(.other("low must not be above high: \(plain(low)), \(plain(high))"))
      }
      return types[0]
    case .cast(let dtype):
      try rule.takes(1)
      return (types[0].shape, dtype)
    case .broadcast(let target):
      return try rule.broadcast(to: target)
    case .matmul(let transposeLeft, let transposeRight):
      return try rule.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight)
    case .reduce(let reduction, let axes, let keepDims):
      return try rule.reduce(reduction, axes: axes, keepDims: keepDims)
    case .argReduce(_, let axis):
      try rule.takes(1)
      try rule.nonEmpty(axis: axis)
      var axes = types[0].shape.axes
      axes.remove(at: axis)
      return (Shape(axes), .i32)
    case .permute(let order):
      try rule.takes(1)
      let shape = types[0].shape
      guard order.sorted() == Array(0..<shape.rank) else {
        throw rule.failure(.other("\(order) is not an order of \(shape.rank) axes"))
      }
      return (Shape(order.map { shape[$0] }), types[0].dtype)
    case .concat(let axis):
      return try rule.concat(axis: axis)
    case .slice(let slices):
      try rule.takes(1)
      try rule.slices(slices, of: types[0].shape)
      return (try rule.shape(slices.map(\.count)), types[0].dtype)
    case .unslice(let slices, let target):
      try rule.takes(1)
      let whole = try rule.shape(target.axes)
      try rule.slices(slices, of: whole)
      try rule.same(types[0].shape, try rule.shape(slices.map(\.count)))
      return (whole, types[0].dtype)
    case .take(let axis):
      try rule.takes(2)
      try rule.integer(1)
      try rule.axis(axis, of: types[0].shape)
      return (try rule.taken(axis: axis, of: types[0].shape), types[0].dtype)
    case .takeAdjoint(let axis, let target):
      try rule.takes(2)
      try rule.floating(0)
      try rule.integer(1)
      let whole = try rule.shape(target.axes)
      try rule.axis(axis, of: whole)
      try rule.same(types[0].shape, try rule.taken(axis: axis, of: whole))
      return (whole, types[0].dtype)
    case .oneHot(let classes, let dtype):
      try rule.takes(1)
      try rule.integer(0)
      guard classes >= 1 else {
        throw rule.failure(.other("takes 1 class or more, not \(classes)"))
      }
      return (try rule.shape(types[0].shape.axes + [classes]), dtype)
    case .softmax(let axis), .logSoftmax(let axis):
      try rule.takes(1)
      try rule.floating(0)
      try rule.axis(axis, of: types[0].shape)
      return types[0]
    case .softmaxAdjoint(let axis), .logSoftmaxAdjoint(let axis):
      try rule.takes(2)
      try rule.floating(0)
      try rule.alike(0, 1)
      try rule.axis(axis, of: types[0].shape)
      return types[0]
    case .logSumExp(let axis, let keepDims):
      try rule.takes(1)
      try rule.floating(0)
      try rule.nonEmpty(axis: axis)
      return (types[0].shape.reduced([axis], keepDims: keepDims), types[0].dtype)
    case .crossEntropy:
      try rule.takes(2)
      try rule.logits(0, labels: 1)
      return (.scalar, types[0].dtype)
    case .crossEntropyAdjoint:
      try rule.takes(3)
      try rule.logits(1, labels: 2)
      try rule.type(0, is: types[1].dtype)
      try rule.same(types[0].shape, .scalar)
      return types[1]
    case .dropout(let rate, site: _):
      try rule.takes(1)
      try rule.floating(0)
      guard rate >= 0, rate < 1 else {
        throw rule.failure(.other("takes a rate from 0 to below 1, not \(plain(rate))"))
      }
      return types[0]
    case .random(let distribution, let dtype, let shape, site: _):
      try rule.takes(0)
      try rule.floating(type: dtype)
      if case .uniform(let low, let high) = distribution {
        guard low.isFinite, high.isFinite, low <= high else {
          throw rule.failure(
            .other("takes finite numbers, low not above high: \(plain(low)), \(plain(high))"))
        }
      }
      return (try rule.shape(shape.axes), dtype)
    case .fill(let number, let dtype, let shape):
      try rule.takes(0)
      if dtype == .i32 { try rule.fitsInteger(number) }
      return (try rule.shape(shape.axes), dtype)
    case .update(let update):
      try rule.takes(2 + update.momentCount)
      try rule.floating(0)
      for position in 1..<types.count { try rule.alike(0, position) }
      return ([0], types[0].dtype)
    }
  }
}

extension ShapeRule {
  fileprivate func binary(_ function: Binary) throws(ShapeError) -> ValueType {
    try takes(2)
    try type(1, is: types[0].dtype)
    if !function.takesIntegers { try floating(0) }
    let shape = try broadcast(types[0].shape, types[1].shape)
    return (shape, function.isComparison ? .i32 : types[0].dtype)
  }

  fileprivate func scalar(_ function: Binary, _ number: Double) throws(ShapeError) -> ValueType {
    try takes(1)
    if !function.takesIntegers { try floating(0) }
    if types[0].dtype == .i32 { try fitsInteger(number) }
    return (types[0].shape, function.isComparison ? .i32 : types[0].dtype)
  }

  /// That an i32 can hold a number.
  fileprivate func fitsInteger(_ number: Double) throws(ShapeError) {
    guard Int32(exactly: number) != nil else {
      throw failure(.other("\(plain(number)) is not a number that an i32 holds"))
    }
  }

  fileprivate func broadcast(to target: Shape) throws(ShapeError) -> ValueType {
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
    return (target, types[0].dtype)
  }

  fileprivate func matmul(
    transposeLeft: Bool, transposeRight: Bool
  ) throws(ShapeError) -> ValueType {
    try takes(2)
    try floating(0)
    try type(1, is: types[0].dtype)
    let (a, b) = (types[0].shape, types[1].shape)
    guard a.rank >= 2, b.rank >= 2 else {
      throw failure(.other("takes tensors of 2 axes or more"))
    }
    let inner = transposeLeft ? a.rank - 2 : a.rank - 1
    let rows = a[transposeLeft ? a.rank - 1 : a.rank - 2]
    let columns = b[transposeRight ? b.rank - 2 : b.rank - 1]
    let found = b[transposeRight ? b.rank - 1 : b.rank - 2]
    guard a[inner] == found else {
      throw failure(.mismatch(axis: inner, left: a[inner], right: found))
    }
    let batches = try broadcastAxes(a.axes.dropLast(2), b.axes.dropLast(2))
    return (try shape(batches + [rows, columns]), types[0].dtype)
  }

  fileprivate func reduce(
    _ reduction: Reduction, axes: [Int], keepDims: Bool
  ) throws(ShapeError) -> ValueType {
    try takes(1)
    let shape = types[0].shape
    for index in axes { try axis(index, of: shape) }
    for (index, next) in zip(axes, axes.dropFirst()) where index >= next {
      throw failure(.other("takes each axis once, in ascending order: \(axes)"))
    }
    switch reduction {
    case .sum: break
    case .average: try floating(0)
    case .max, .min: for index in axes { try nonEmpty(axis: index) }
    }
    return (shape.reduced(axes, keepDims: keepDims), types[0].dtype)
  }

  /// That an axis of the first operand exists and has entries.
  fileprivate func nonEmpty(axis index: Int) throws(ShapeError) {
    try axis(index, of: types[0].shape)
    guard types[0].shape[index] > 0 else {
      throw failure(.other("axis \(index) has no entries"))
    }
  }

  fileprivate func concat(axis index: Int) throws(ShapeError) -> ValueType {
    guard let first = types.first else { throw failure(.other("takes 1 operand or more")) }
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
      guard !overflow else { throw failure(.other("a tensor has fewer than 2^48 elements")) }
      length = sum
    }
    var axes = first.shape.axes
    axes[index] = length
    return (try shape(axes), first.dtype)
  }

  /// The shape of `take` along an axis of `whole`, with the second operand as indices.
  fileprivate func taken(axis: Int, of whole: Shape) throws(ShapeError) -> Shape {
    try shape(whole.axes[..<axis] + types[1].shape.axes + whole.axes[(axis + 1)...])
  }

  /// That one operand holds logits [n…, classes] and the other labels [n…].
  fileprivate func logits(_ logits: Int, labels: Int) throws(ShapeError) {
    try floating(logits)
    try integer(labels)
    let shape = types[logits].shape
    guard let classes = shape.axes.last else {
      throw failure(.other("takes logits with a last axis of classes"))
    }
    guard classes > 0 else { throw failure(.other("takes 1 class or more, not 0")) }
    try same(Shape(Array(shape.axes.dropLast())), types[labels].shape)
  }
}

extension Shape {
  /// The shape without the axes, or with length 1 in their place where `keepDims`.
  package func reduced(_ reducedAxes: [Int], keepDims: Bool) -> Shape {
    var result: [Int] = []
    for (axis, length) in axes.enumerated() {
      if !reducedAxes.contains(axis) {
        result.append(length)
      } else if keepDims {
        result.append(1)
      }
    }
    return Shape(result)
  }
}

extension Unary {
  /// True for the functions that are defined on i32 too.
  package var takesIntegers: Bool {
    switch self {
    case .negate, .abs: true
    case .exp, .log, .sqrt, .square, .tanh, .sigmoid, .relu, .gelu, .softplus, .silu, .sin, .cos:
      false
    }
  }
}

extension Binary {
  /// True for the functions that are defined on i32 too.
  package var takesIntegers: Bool {
    switch self {
    case .divide, .power: false
    case .add, .subtract, .multiply, .minimum, .maximum, .floorDivide, .remainder, .equal,
      .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      true
    }
  }

  /// The type that both operands are cast to: the promoted one, and f32 for i32 where the function has no
  /// meaning on integers.
  package func operandType(_ a: DType, _ b: DType) -> DType {
    let promoted = DType.promote(a, b)
    return promoted == .i32 && !takesIntegers ? .f32 : promoted
  }
}

/// A number in a message: NaN without a sign, which differs between machines.
private func plain(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }
