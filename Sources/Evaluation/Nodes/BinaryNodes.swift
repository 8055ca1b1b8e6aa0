import Syntax

/// An operator on two values: what is quick at once, all else in `Operators`.
class BinaryNode: CodeNode {
  fileprivate let operation: BinaryOperator
  fileprivate let left: CodeNode
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
    if operation == .membership { return MembershipNode(left, right, range) }
    return switch (left as? LocalNode, right as? ConstantNode, right as? LocalNode) {
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

  /// True for `x + …` with a captured variable or a name of the session.
  final func adds(to place: OuterPlace) -> Bool { operation == .add && place.isRead(by: left) }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if let value = operation.quick(a, b) { return value }
    return try applied(a, b, frame)
  }

  /// What it comes to once both sides are known.
  @inline(never)
  final func applied(_ a: Value, _ b: Value, _ frame: Frame) throws(Fault) -> Value {
    try frame.machine.apply(
      operation, a, b, at: range, left: left.range, right: right.range)
  }
}

/// `key in counts`: what may be a key is looked up where it lies.
private final class MembershipNode: BinaryNode {
  private let part: Sight
  private let whole: Sight
  /// True where both sides are variables or constants, which may be looked at both at once.
  private let isSteady: Bool

  init(_ left: CodeNode, _ right: CodeNode, _ range: SourceRange) {
    part = Sight(left)
    whole = Sight(right)
    isSteady = part.isSteady && whole.isSteady
    super.init(.membership, left, right, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard isSteady else {
      let part = try left.evaluate(frame)
      return try whole.look(frame) { (whole) throws(Fault) in
        try withUnsafePointer(to: part) { (part) throws(Fault) in try verdict(part, whole, frame) }
      }
    }
    return try part.look(frame) { (part) throws(Fault) in
      try whole.look(frame) { (whole) throws(Fault) in try verdict(part, whole, frame) }
    }
  }

  @inline(__always)
  private func verdict(
    _ part: UnsafePointer<Value>, _ whole: UnsafePointer<Value>, _ frame: Frame
  ) throws(Fault) -> Value {
    if let dictionary = whole.dictionary {
      return .boolean(dictionary._withUnsafeGuaranteedRef { $0.place(of: part) } != nil)
    }
    return try applied(part.pointee, whole.pointee, frame)
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
  private let second: UnsafePointer<Value>

  init(
    _ operation: BinaryOperator, _ left: LocalNode, _ right: ConstantNode, _ range: SourceRange
  ) {
    local = left
    second = right.place
    super.init(operation, left, right, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if local.cell < 0,
      let value = operation.quick(at: UnsafePointer(frame.slots + local.slot), second)
    {
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
      let value = operation.quick(
        at: UnsafePointer(frame.slots + first.slot), UnsafePointer(frame.slots + second.slot))
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
    case (.string(let x), .string(let y)): strings(x, y)
    default: numbers(a, b)
    }
  }

  /// The same of values that lie somewhere.
  @inline(__always)
  func quick(at a: UnsafePointer<Value>, _ b: UnsafePointer<Value>) -> Value? {
    if let x = a.integer, let y = b.integer { return integers(x, y) }
    if let x = a.text, let y = b.text {
      return x._withUnsafeGuaranteedRef { x in y._withUnsafeGuaranteedRef { y in strings(x, y) } }
    }
    return numbers(a.pointee, b.pointee)
  }

  @inline(__always)
  private func numbers(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.float(let x), .float(let y)): floats(x, y)
    case (.integer(let x), .float(let y)): floats(Double(x), y)
    case (.float(let x), .integer(let y)): floats(x, Double(y))
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
    case .equal: .boolean(x.equals(y))
    case .notEqual: .boolean(!x.equals(y))
    case .add where x.byteCount + y.byteCount < Text.short: .string(x + y)
    default: nil
    }
  }
}
