import Syntax

/// An operator on two values: what is quick at once, all else in `Operators`.
class BinaryNode: CodeNode {
  fileprivate let operation: BinaryOperator
  private let left: CodeNode
  /// Evaluated behind the left side.
  let right: CodeNode

  /// `range` is the whole, both sides in it.
  fileprivate init(
    _ operation: BinaryOperator, _ left: CodeNode, _ right: CodeNode, _ range: SourceRange
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    super.init(range)
  }

  /// The node of an operator: those whose sides are variables or constants read them at once.
  static func of(
    _ operation: BinaryOperator, _ left: CodeNode, _ right: CodeNode, _ range: SourceRange
  ) -> BinaryNode {
    switch (left as? LocalNode, right as? ConstantNode, right as? LocalNode) {
    case (let local?, let constant?, _): LocalConstantNode(operation, local, constant, range)
    case (nil, let constant?, _): ConstantOperandNode(operation, left, constant, range)
    case (let local?, _, let other?): LocalPairNode(operation, local, other, range)
    default: BinaryNode(operation, left, right, range)
    }
  }

  /// True for `x + …` with a variable of the function that runs.
  final func adds(to variable: Variable) -> Bool {
    operation == .add && (left as? LocalNode)?.slot == variable.slot
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if let value = operation.quick(a, b) { return value }
    return try applied(a, b, frame)
  }

  /// What it comes to once both sides are known.
  @inline(never)
  final func applied(_ a: Value, _ b: Value, _ frame: Frame) throws(Fault) -> Value {
    if operation == .membership, case .dictionary(let dictionary) = b,
      let key = DictionaryValue.Key(a)
    {
      return .boolean(dictionary.entries[key] != nil)
    }
    return try frame.machine.apply(
      operation, a, b, at: range, left: left.range, right: right.range)
  }
}

/// `… % 2`
private final class ConstantOperandNode: BinaryNode {
  private let first: CodeNode
  private let second: Value

  init(
    _ operation: BinaryOperator, _ left: CodeNode, _ right: ConstantNode, _ range: SourceRange
  ) {
    first = left
    second = right.value
    super.init(operation, left, right, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let a = try first.evaluate(frame)
    if let value = operation.quick(a, second) { return value }
    return try applied(a, second, frame)
  }
}

/// `n % 2`, with a variable of the function that runs.
private final class LocalConstantNode: BinaryNode {
  private let local: LocalNode
  private let second: Value

  init(
    _ operation: BinaryOperator, _ left: LocalNode, _ right: ConstantNode, _ range: SourceRange
  ) {
    local = left
    second = right.value
    super.init(operation, left, right, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if local.cell < 0, let value = operation.quick(frame.slots[local.slot], second) {
      return value
    }
    return try super.evaluate(frame)
  }
}

/// `a + b`, with two variables of the function that runs.
private final class LocalPairNode: BinaryNode {
  private let first: LocalNode
  private let second: LocalNode

  init(_ operation: BinaryOperator, _ left: LocalNode, _ right: LocalNode, _ range: SourceRange) {
    first = left
    second = right
    super.init(operation, left, right, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if first.cell < 0, second.cell < 0,
      let value = operation.quick(frame.slots[first.slot], frame.slots[second.slot])
    {
      return value
    }
    return try super.evaluate(frame)
  }
}

extension BinaryOperator {
  /// An operator on two numbers or strings that is done in a few instructions; `nil` for all else,
  /// and where there is more to say of it, such as that an integer does not fit.
  @inline(__always)
  func quick(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.integer(let x), .integer(let y)): integers(x, y)
    case (.float(let x), .float(let y)): floats(x, y)
    case (.integer(let x), .float(let y)): floats(Double(x), y)
    case (.float(let x), .integer(let y)): floats(x, Double(y))
    case (.string(let x), .string(let y)): strings(x, y)
    default: nil
    }
  }

  @inline(__always)
  private func integers(_ x: Int, _ y: Int) -> Value? {
    switch self {
    case .add:
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : .integer(sum)
    case .subtract:
      let (difference, overflow) = x.subtractingReportingOverflow(y)
      return overflow ? nil : .integer(difference)
    case .multiply:
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? nil : .integer(product)
    case .divide: return y > 0 ? .float(Double(x) / Double(y)) : nil
    case .floorDivide: return x >= 0 && y > 0 ? .integer(x / y) : nil
    case .remainder: return x >= 0 && y > 0 ? .integer(x % y) : nil
    case .less: return .boolean(x < y)
    case .lessOrEqual: return .boolean(x <= y)
    case .greater: return .boolean(x > y)
    case .greaterOrEqual: return .boolean(x >= y)
    case .equal: return .boolean(x == y)
    case .notEqual: return .boolean(x != y)
    case .pipe, .or, .and, .membership, .matrixMultiply, .power: return nil
    }
  }

  @inline(__always)
  private func floats(_ x: Double, _ y: Double) -> Value? {
    switch self {
    case .add: .float(x + y)
    case .subtract: .float(x - y)
    case .multiply: .float(x * y)
    case .divide: .float(x / y)
    case .less: .boolean(x < y)
    case .lessOrEqual: .boolean(x <= y)
    case .greater: .boolean(x > y)
    case .greaterOrEqual: .boolean(x >= y)
    case .equal: .boolean(x == y)
    case .notEqual: .boolean(x != y)
    case .pipe, .or, .and, .membership, .matrixMultiply, .power, .floorDivide, .remainder: nil
    }
  }

  @inline(__always)
  private func strings(_ x: Text, _ y: Text) -> Value? {
    switch self {
    case .equal: .boolean(x === y || x.string == y.string)
    case .notEqual: .boolean(x !== y && x.string != y.string)
    default: nil
    }
  }
}
