package import Tensors

/// Operations with the conversions that the language makes.
extension Emitter {
  package var mixed: DType? { nil }

  /// The type of what an operation on both gives: in mixed precision a short float that meets f32
  /// stays short.
  package func promote(_ a: DType, _ b: DType) -> DType {
    let promoted = DType.promote(a, b)
    guard let mixed, promoted == .f32, a == mixed || b == mixed else { return promoted }
    return mixed
  }

  /// The value in another type; itself where it has that type.
  package mutating func cast(_ value: Value, to dtype: DType) throws(Failure) -> Value {
    type(of: value).dtype == dtype ? value : try emit(.cast(dtype), [value])
  }

  /// The value itself where it is of a floating type, else in f32.
  package mutating func floating(_ value: Value) throws(Failure) -> Value {
    type(of: value).dtype.isFloating ? value : try cast(value, to: .f32)
  }

  /// The value itself where there is arithmetic on its type; a bool in i32.
  package mutating func counted(_ value: Value) throws(Failure) -> Value {
    try cast(value, to: type(of: value).dtype.arithmetic)
  }

  /// The values in the type that an operation on all of them has.
  package mutating func promoted(_ values: [Value]) throws(Failure) -> [Value] {
    guard let first = values.first else { return [] }
    let dtype = values.reduce(type(of: first).dtype) { promote($0, type(of: $1).dtype) }
    var promoted: [Value] = []
    for value in values { promoted.append(try cast(value, to: dtype)) }
    return promoted
  }

  /// Indices and labels as kernels read them: i64 becomes i32, and what that does not hold is
  /// refused in the run.
  package mutating func indices(_ value: Value) throws(Failure) -> Value {
    type(of: value).dtype == .i64 ? try cast(value, to: .i32) : value
  }

  /// A function of each element; integers become f32 where the function has no meaning on them.
  package mutating func unary(_ function: Unary, _ value: Value) throws(Failure) -> Value {
    try emit(.unary(function), [function.takesIntegers ? try counted(value) : try floating(value)])
  }

  /// A function of the elements of two values, broadcast and promoted to `Binary.operandType`.
  package mutating func binary(
    _ function: Binary, _ left: Value, _ right: Value
  ) throws(Failure) -> Value {
    let dtype = function.operandType(promote(type(of: left).dtype, type(of: right).dtype))
    try check(.binary(function), [left, right], as: [dtype, dtype])
    return try emit(
      .binary(function), [try cast(left, to: dtype), try cast(right, to: dtype)])
  }

  /// A function of each element and a number. An operand of integers becomes f32 where the number
  /// is a float (`isInteger` false) or the function has no meaning on integers.
  package mutating func scalar(
    _ function: Binary, _ value: Value, _ number: Double, numberFirst: Bool = false,
    isInteger: Bool = false
  ) throws(Failure) -> Value {
    let keeps = isInteger && function.takesIntegers
    return try emit(
      .scalar(function, number, numberFirst: numberFirst),
      [keeps ? try counted(value) : try floating(value)])
  }

  /// `where(condition, a, b)`: broadcast, a and b promoted to one type, a condition of
  /// numbers compared with 0.
  package mutating func select(
    _ condition: Value, _ a: Value, _ b: Value
  ) throws(Failure) -> Value {
    let dtype = promote(type(of: a).dtype, type(of: b).dtype)
    try check(.select, [condition, a, b], as: [.bool, dtype, dtype])
    let chosen =
      switch type(of: condition).dtype {
      case .bool: condition
      case .f32, .f64, .f16, .bf16, .i32, .i64:
        try emit(.scalar(.notEqual, 0, numberFirst: false), [condition])
      }
    return try emit(.select, [chosen, try cast(a, to: dtype), try cast(b, to: dtype)])
  }

  /// A reduction; the average of integers is taken in f32, and in mixed precision each sum and
  /// average.
  package mutating func reduce(
    _ reduction: Reduction, _ value: Value, axes: [Int], keepDims: Bool = false
  ) throws(Failure) -> Value {
    var operand =
      switch reduction {
      case .average: try floating(value)
      case .sum, .max, .min: try counted(value)
      }
    if let mixed, type(of: operand).dtype == mixed, reduction == .sum || reduction == .average {
      operand = try cast(operand, to: .f32)
    }
    return try emit(.reduce(reduction, axes: axes, keepDims: keepDims), [operand])
  }

  /// `a @ b` by NumPy's rule, in the promoted floating type, in mixed precision in the short one:
  /// `MatrixProduct` says how vectors are read.
  package mutating func matmul(_ left: Value, _ right: Value) throws(Failure) -> Value {
    let product: MatrixProduct
    do {
      product = try MatrixProduct(type(of: left).shape, type(of: right).shape)
    } catch {
      throw refusal(error, of: [left, right])
    }
    let promoted = promote(type(of: left).dtype, type(of: right).dtype)
    let floating = promoted.isFloating ? promoted : .f32
    let dtype = floating == .f32 ? mixed ?? .f32 : floating
    let a = try cast(left, to: dtype)
    let b = try cast(right, to: dtype)
    // A stack of matrices times one matrix is one product of all rows, unless the stack is a
    // transpose that the product reads through.
    let (rows, columns) = (product.left.axes.dropLast(), product.left.axes.last ?? 1)
    let stack = Shape([rows.reduce(1, *), columns])
    let isStack = product.left.rank > 2 && product.right.rank == 2 && reads(a, as: stack)
    let flat = isStack ? stack : product.left
    let value = try emit(
      .matmul(transposeLeft: false, transposeRight: false),
      [reshaped(a, to: flat), reshaped(b, to: product.right)])
    return reshaped(value, to: product.result)
  }

  /// The value read in a shape of as many elements; itself where it has that shape.
  private func reshaped(_ value: Value, to shape: Shape) -> Value {
    type(of: value).shape == shape ? value : read(value, as: shape)
  }

  /// Refuses operands that would not fit in these types, before anything is converted to them.
  private func check(
    _ operation: Operation, _ operands: [Value], as dtypes: [DType]
  ) throws(Failure) {
    // Where they have these types already, the operation itself refuses them.
    guard operands.indices.contains(where: { type(of: operands[$0]).dtype != dtypes[$0] }) else {
      return
    }
    let types = zip(operands, dtypes).map { TensorType(type(of: $0).shape, $1) }
    do {
      _ = try operation.resultTypes(ofTypes: types)
    } catch {
      throw refusal(error, of: operands)
    }
  }
}
