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
      do { return .tensor(try product(x, y, at: range)) } catch {
        throw error.showing { operands(a, b, at: range, left, right)?.product }
      }
    }
    guard let function = Binary(operation) else {
      throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
    }
    if function.isComparison, case .tensor(let x) = a, case .tensor(let y) = b,
      x.shape.rank != y.shape.rank, x.shape.rank > 0, y.shape.rank > 0
    {
      throw Fault(
        .comparedShapes(operation.rawValue, x, y, of: (left.text, right.text), at: range))
    }
    do { return try tensorBinary(function, a, b, at: range, symbol: operation.rawValue) } catch {
      throw error.showing {
        operands(a, b, at: range, left, right)?.elementwise(operation.rawValue)
      }
    }
  }

  /// Two tensors of the learner's text that do not fit.
  private func operands(
    _ a: Value, _ b: Value, at range: SourceRange, _ left: SourceRange, _ right: SourceRange
  ) -> FittingOperands? {
    guard range.source !== prelude, case .tensor(let x) = a, case .tensor(let y) = b else {
      return nil
    }
    return FittingOperands(x, y, left, right)
  }

  /// A function of two values element by element: tensors are broadcast and promoted, numbers stay
  /// numbers.
  func tensorBinary(
    _ function: Binary, _ a: Value, _ b: Value, at range: SourceRange, symbol: String? = nil
  ) throws(Fault) -> Value {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      remarkIfEachWithEach(function, x, y, symbol: symbol, at: range)
      var emission = Emission(self, at: range)
      return .tensor(try emission.binary(function, x, y))
    case (.tensor(let x), _):
      guard let number = double(b) else { break }
      var emission = Emission(self, at: range)
      return .tensor(try emission.scalar(function, x, number, isInteger: isWhole(b)))
    case (_, .tensor(let y)):
      guard let number = double(a) else { break }
      var emission = Emission(self, at: range)
      return .tensor(
        try emission.scalar(function, y, number, numberFirst: true, isInteger: isWhole(a)))
    default:
      if let x = double(a), let y = double(b), function == .subtract { return .float(x - y) }
    }
    throw Fault(.operatorMismatch(symbol ?? function.name, a, b, at: range))
  }

  /// Two tensors of as many elements whose ranks differ, such as [n, 1] and [n], give each with
  /// each, and hardly ever is that meant: says so.
  private func remarkIfEachWithEach(
    _ function: Binary, _ x: TensorValue, _ y: TensorValue, symbol: String?, at range: SourceRange
  ) {
    let count = x.shape.count
    guard x.shape.rank != y.shape.rank, count > 1, count == y.shape.count,
      range.source !== prelude,
      let result = try? Operation.binary(function).resultTypes(
        ofTypes: [x, y].map { TensorType($0.shape, .f32) })[0].shape,
      result.count > count
    else { return }
    remark(Remark.eachWithEach(symbol ?? function.name, x.shape, y.shape, result))
  }

  private func isWhole(_ value: Value) -> Bool {
    if case .integer(let number) = value { Int32(exactly: number) != nil } else { false }
  }

  /// `a @ b`: matrices, stacks of them, and vectors.
  func product(
    _ a: TensorValue, _ b: TensorValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    var emission = Emission(self, at: range)
    return try emission.matmul(a, b)
  }

  /// The tensor itself where it is of a floating type, else in f32.
  func floating(_ tensor: TensorValue, at range: SourceRange) throws(Fault) -> TensorValue {
    var emission = Emission(self, at: range)
    return try emission.floating(tensor)
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
