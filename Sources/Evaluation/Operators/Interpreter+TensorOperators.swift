import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// An operator on two values of which one is a tensor.
  func tensorOperator(
    _ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange, left: SourceRange,
    right: SourceRange
  ) throws(Fault) -> Value {
    if operation == .matrixMultiply {
      guard case .tensor(let x) = a, case .tensor(let y) = b else {
        throw Fault(.operatorMismatch("@", a, b, at: range))
      }
      return .tensor(try matrixProduct(x, y, at: range))
    }
    guard let function = Interpreter.functions[operation] else {
      throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
    }
    if isNone(a) || isNone(b) {
      if operation == .equal { return .boolean(false) }
      if operation == .notEqual { return .boolean(true) }
    }
    return .tensor(
      try elementwise(
        function, named: operation.rawValue, a, b, at: range, left: left, right: right))
  }

  private static let functions: [BinaryOperator: Binary] = [
    .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .power: .power,
    .floorDivide: .floorDivide, .remainder: .remainder, .equal: .equal, .notEqual: .notEqual,
    .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
  ]

  /// A function of two tensors, or of a tensor and a number, element by element.
  func elementwise(
    _ function: Binary, named name: String, _ a: Value, _ b: Value, at range: SourceRange,
    left: SourceRange, right: SourceRange
  ) throws(Fault) -> TensorValue {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      var (x, y) = try promoted(x, y, at: range)
      if function == .divide || function == .power, x.dtype == .i32 {
        x = try cast(x, to: .f32, at: range)
        y = try cast(y, to: .f32, at: range)
      }
      return try emit(.binary(function), [x, y], at: range)
    case (.tensor(let x), _):
      guard let number = plainNumber(b) else { throw Fault(.operatorMismatch(name, a, b, at: range)) }
      return try scalar(function, x, number, numberFirst: false, at: range)
    case (_, .tensor(let y)):
      guard let number = plainNumber(a) else { throw Fault(.operatorMismatch(name, a, b, at: range)) }
      return try scalar(function, y, number, numberFirst: true, at: range)
    default: throw Fault(.operatorMismatch(name, a, b, at: range))
    }
  }

  private func plainNumber(_ value: Value) -> Double? {
    switch value {
    case .integer(let x): Double(x)
    case .float(let x): x
    default: nil
    }
  }

  private func scalar(
    _ function: Binary, _ x: TensorValue, _ number: Double, numberFirst: Bool,
    at range: SourceRange
  ) throws(Fault) -> TensorValue {
    var x = x
    if x.dtype == .i32 {
      let stays = Int32(exactly: number) != nil && function != .divide && function != .power
      if !stays {
        x = try cast(x, to: .f32, at: range)
      } else if !numberFirst, number == 0, function == .floorDivide || function == .remainder {
        throw Fault(.divisionByZero(at: range))
      }
    }
    return try emit(.scalar(function, number, numberFirst: numberFirst), [x], at: range)
  }

  /// `a @ b` by NumPy's rule: a vector on the left is a row, on the right a column, and its axis goes away.
  func matrixProduct(
    _ a: TensorValue, _ b: TensorValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard a.shape.rank > 0, b.shape.rank > 0 else {
      throw Fault(
        .invalidShape(
          "@ multiplies vectors and matrices, not \(a.typeDescription) and \(b.typeDescription)",
          at: range, hint: "use * with a number"))
    }
    var (x, y) = try promoted(a, b, at: range)
    x = try floating(x, at: range)
    y = try floating(y, at: range)
    let isRow = x.shape.rank == 1
    let isColumn = y.shape.rank == 1
    if isRow { x = reshaped(x, to: Shape([1] + x.shape.axes), at: range) }
    if isColumn { y = reshaped(y, to: Shape(y.shape.axes + [1]), at: range) }
    let product = try emit(
      .matmul(transposeLeft: false, transposeRight: false), [x, y], at: range)
    guard isRow || isColumn else { return product }
    var axes = product.shape.axes
    if isColumn { axes.removeLast() }
    if isRow { axes.remove(at: axes.count - (isColumn ? 1 : 2)) }
    return reshaped(product, to: Shape(axes), at: range)
  }
}
