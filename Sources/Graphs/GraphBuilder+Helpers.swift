package import Tensors

/// Operations with the conversions that the language makes: promotion, broadcasting, vectors in products.
extension GraphBuilder {
  /// The value read in another shape of as many elements; no node. Throws `ShapeError` where the count differs.
  package func reshape(_ operand: Operand, to axes: [Int]) throws(ShapeError) -> Operand {
    guard let shape = Shape.checked(axes) else {
      throw ShapeError(
        .other("\(axes) is not the shape of a tensor"), operation: "reshape",
        shapes: [operand.shape])
    }
    guard shape.count == operand.shape.count else {
      throw ShapeError(
        .count(expected: shape.count, found: operand.shape.count), operation: "reshape",
        shapes: [operand.shape, shape])
    }
    return operand.reshaped(shape)
  }

  /// The value in another type; itself where it has that type.
  package mutating func cast(
    _ operand: Operand, to dtype: DType, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    operand.dtype == dtype ? operand : try emit(.cast(dtype), [operand], place: place)
  }

  /// A function of each element; i32 becomes f32 where the function has no meaning on integers.
  package mutating func unary(
    _ function: Unary, _ operand: Operand, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let isCast = operand.dtype == .i32 && !function.takesIntegers
    let operand = isCast ? try cast(operand, to: .f32, place: place) : operand
    return try emit(.unary(function), [operand], place: place)
  }

  /// A function of the elements of two values, broadcast and promoted to `Binary.operandType`.
  package mutating func binary(
    _ function: Binary, _ left: Operand, _ right: Operand, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let dtype = function.operandType(left.dtype, right.dtype)
    // Refused before a cast is emitted.
    _ = try Operation.binary(function).resultType(ofTypes: [
      (left.shape, dtype), (right.shape, dtype),
    ])
    return try emit(
      .binary(function),
      [try cast(left, to: dtype, place: place), try cast(right, to: dtype, place: place)],
      place: place)
  }

  /// A function of each element and a number. An i32 operand becomes f32 where the number is a float
  /// (`isInteger` false) or the function has no meaning on integers.
  package mutating func scalar(
    _ function: Binary, _ operand: Operand, _ number: Double, numberFirst: Bool = false,
    isInteger: Bool = false, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let keeps = operand.dtype != .i32 || (isInteger && function.takesIntegers)
    let operand = keeps ? operand : try cast(operand, to: .f32, place: place)
    return try emit(
      .scalar(function, number, numberFirst: numberFirst), [operand], place: place)
  }

  /// `where(condition, a, b)`: broadcast, a and b promoted to one type, a condition of floats compared with 0.
  package mutating func select(
    _ condition: Operand, _ a: Operand, _ b: Operand, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let dtype = DType.promote(a.dtype, b.dtype)
    _ = try Operation.select.resultType(ofTypes: [
      (condition.shape, .i32), (a.shape, dtype), (b.shape, dtype),
    ])
    let chosen =
      condition.dtype == .i32
      ? condition
      : try emit(.scalar(.notEqual, 0, numberFirst: false), [condition], place: place)
    return try emit(
      .select,
      [chosen, try cast(a, to: dtype, place: place), try cast(b, to: dtype, place: place)],
      place: place)
  }

  /// A reduction; the average of i32 is taken in f32.
  package mutating func reduce(
    _ reduction: Reduction, _ operand: Operand, axes: [Int], keepDims: Bool = false,
    place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let isCast = operand.dtype == .i32 && reduction == .average
    let operand = isCast ? try cast(operand, to: .f32, place: place) : operand
    return try emit(.reduce(reduction, axes: axes, keepDims: keepDims), [operand], place: place)
  }

  /// `a @ b` by NumPy's rule, in the promoted floating type: `MatrixProduct` says how vectors are read.
  package mutating func matmul(
    _ left: Operand, _ right: Operand, place: Place = .nowhere
  ) throws(ShapeError) -> Operand {
    let product = try MatrixProduct(left.shape, right.shape)
    let promoted = DType.promote(left.dtype, right.dtype)
    let dtype = promoted == .i32 ? .f32 : promoted
    let a = try cast(left, to: dtype, place: place)
    let b = try cast(right, to: dtype, place: place)
    // A stack of matrices times one matrix is one product of all rows, unless the stack is a transpose that
    // the product reads through.
    let (rows, columns) = (product.left.axes.dropLast(), product.left.axes.last ?? 1)
    let isStack = product.left.rank > 2 && product.right.rank == 2 && transposed(a) == nil
    let flat = Shape([rows.reduce(1, *), columns])
    let value = try emit(
      .matmul(transposeLeft: false, transposeRight: false),
      [a.reshaped(isStack ? flat : product.left), b.reshaped(product.right)], place: place)
    return value.reshaped(product.result)
  }
}
