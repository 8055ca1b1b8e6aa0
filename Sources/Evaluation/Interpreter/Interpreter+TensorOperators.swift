import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// An operator where at least one side is a tensor.
  func tensorOperator(
    _ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange,
    left: SourceRange, right: SourceRange
  ) throws(Fault) -> Value {
    if operation == .matrixMultiply {
      guard case .tensor(let x) = a, case .tensor(let y) = b else {
        throw Fault(.operatorMismatch("@", a, b, at: range))
      }
      return .tensor(try product(x, y, at: range))
    }
    guard let function = Binary(operation) else {
      throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
    }
    return try tensorBinary(function, a, b, at: range, symbol: operation.rawValue)
  }

  /// A function of two values element by element: tensors are broadcast and promoted, numbers stay numbers.
  func tensorBinary(
    _ function: Binary, _ a: Value, _ b: Value, at range: SourceRange, symbol: String? = nil
  ) throws(Fault) -> Value {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      let dtype = function.operandType(x.dtype, y.dtype)
      return .tensor(
        try emit(
          .binary(function),
          [try converted(x, to: dtype, at: range), try converted(y, to: dtype, at: range)],
          at: range))
    case (.tensor(let x), _):
      guard let number = double(b) else { break }
      return .tensor(
        try scalar(function, x, number, isWhole: isWhole(b), numberFirst: false, at: range))
    case (_, .tensor(let y)):
      guard let number = double(a) else { break }
      return .tensor(
        try scalar(function, y, number, isWhole: isWhole(a), numberFirst: true, at: range))
    default:
      if let x = double(a), let y = double(b), function == .subtract { return .float(x - y) }
    }
    throw Fault(.operatorMismatch(symbol ?? function.name, a, b, at: range))
  }

  private func isWhole(_ value: Value) -> Bool {
    if case .integer(let number) = value { Int32(exactly: number) != nil } else { false }
  }

  private func converted(
    _ tensor: TensorValue, to dtype: DType, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    tensor.dtype == dtype ? tensor : try emit(.cast(dtype), [tensor], at: range)
  }

  /// A function of each element and a number; whole tensors become f32 where the number is no integer.
  private func scalar(
    _ function: Binary, _ tensor: TensorValue, _ number: Double, isWhole: Bool, numberFirst: Bool,
    at range: SourceRange
  ) throws(Fault) -> TensorValue {
    let keeps = tensor.dtype.isFloating || (isWhole && function.takesIntegers)
    return try emit(
      .scalar(function, number, numberFirst: numberFirst),
      [keeps ? tensor : try emit(.cast(.f32), [tensor], at: range)], at: range)
  }

  /// `a @ b` by NumPy's rule: matrices, stacks of them, and vectors.
  func product(
    _ a: TensorValue, _ b: TensorValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    let shapes: MatrixProduct
    do {
      shapes = try MatrixProduct(a.shape, b.shape)
    } catch {
      throw Fault(.shape(error, of: [a, b], at: range))
    }
    let promoted = DType.promote(a.dtype, b.dtype)
    let dtype = promoted == .i32 ? .f32 : promoted
    let x = try converted(a, to: dtype, at: range)
    let y = try converted(b, to: dtype, at: range)
    // A stack of matrices times one matrix is one product of all rows.
    var left = shapes.left
    if left.rank > 2, shapes.right.rank == 2 {
      left = Shape([left.axes.dropLast().reduce(1, *), left.axes.last ?? 1])
    }
    let value = try emit(
      .matmul(transposeLeft: false, transposeRight: false),
      [
        left == x.shape ? x : reshaped(x, to: left, at: range),
        shapes.right == y.shape ? y : reshaped(y, to: shapes.right, at: range),
      ], at: range)
    return value.shape == shapes.result
      ? value : reshaped(value, to: shapes.result, at: range)
  }
}

extension Binary {
  /// The elementwise function that an operator stands for; `nil` for `and`, `or`, `|>` and `@`.
  fileprivate init?(_ operation: BinaryOperator) {
    switch operation {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .floorDivide: self = .floorDivide
    case .remainder: self = .remainder
    case .power: self = .power
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .pipe, .or, .and, .membership, .matrixMultiply: return nil
    }
  }
}
