import Syntax

/// An operator on two values: integers and floats at once, all else in `Operators`.
final class BinaryNode: CodeNode {
  private let operation: BinaryOperator
  private let left: CodeNode
  private let right: CodeNode

  /// `range` is the whole, both sides in it.
  init(_ operation: BinaryOperator, _ left: CodeNode, _ right: CodeNode, _ range: SourceRange) {
    self.operation = operation
    self.left = left
    self.right = right
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if case .integer(let x) = a, case .integer(let y) = b {
      switch operation {
      case .add:
        let (sum, overflow) = x.addingReportingOverflow(y)
        if !overflow { return .integer(sum) }
      case .subtract:
        let (difference, overflow) = x.subtractingReportingOverflow(y)
        if !overflow { return .integer(difference) }
      case .multiply:
        let (product, overflow) = x.multipliedReportingOverflow(by: y)
        if !overflow { return .integer(product) }
      case .less: return .boolean(x < y)
      case .lessOrEqual: return .boolean(x <= y)
      case .greater: return .boolean(x > y)
      case .greaterOrEqual: return .boolean(x >= y)
      case .equal: return .boolean(x == y)
      case .notEqual: return .boolean(x != y)
      default: break
      }
    } else if case .float(let x) = a, case .float(let y) = b {
      switch operation {
      case .add: return .float(x + y)
      case .subtract: return .float(x - y)
      case .multiply: return .float(x * y)
      case .less: return .boolean(x < y)
      case .greater: return .boolean(x > y)
      default: break
      }
    }
    return try frame.machine.apply(operation, a, b, at: range, left: left.range, right: right.range)
  }
}

/// `and`, `or`: the right side only where it matters.
final class LogicNode: CodeNode {
  private let isAnd: Bool
  private let left: CodeNode
  private let right: CodeNode

  /// `isAnd` is true for `and`, false for `or`.
  init(isAnd: Bool, _ left: CodeNode, _ right: CodeNode, _ range: SourceRange) {
    self.isAnd = isAnd
    self.left = left
    self.right = right
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    if try machine.truth(of: left.evaluate(frame), at: left.range) != isAnd {
      return .boolean(!isAnd)
    }
    return .boolean(try machine.truth(of: right.evaluate(frame), at: right.range))
  }
}

/// `-x`, `not x`
final class UnaryNode: CodeNode {
  private let operation: UnaryOperator
  private let operand: CodeNode

  /// `range` is the whole, the sign in it.
  init(_ operation: UnaryOperator, _ operand: CodeNode, _ range: SourceRange) {
    self.operation = operation
    self.operand = operand
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try operand.evaluate(frame)
    switch operation {
    case .negate: return try frame.machine.negate(value, at: range)
    case .not: return .boolean(try !frame.machine.truth(of: value, at: operand.range))
    }
  }
}

/// `a ~= b within t`
final class ApproximateNode: CodeNode {
  private let left: CodeNode
  private let right: CodeNode
  private let tolerance: CodeNode?

  /// `tolerance` stands behind `within`; without one it is a millionth of the larger side.
  init(_ left: CodeNode, _ right: CodeNode, tolerance: CodeNode?, _ range: SourceRange) {
    self.left = left
    self.right = right
    self.tolerance = tolerance
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    let tolerance = try self.tolerance?.evaluate(frame)
    return .boolean(try frame.machine.approximately(a, b, within: tolerance, at: range))
  }
}

/// `0..<n`, `0...n`
final class RangeNode: CodeNode {
  private let lower: CodeNode
  private let upper: CodeNode
  private let isClosed: Bool

  /// `isClosed` is true for `...`, whose upper end belongs to the range.
  init(_ lower: CodeNode, _ upper: CodeNode, isClosed: Bool, _ range: SourceRange) {
    self.lower = lower
    self.upper = upper
    self.isClosed = isClosed
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let low = try lower.evaluate(frame)
    let high = try upper.evaluate(frame)
    guard case .integer(let a) = low else {
      throw Fault(.expected(.integer, found: low, as: .rangeStart, at: lower.range))
    }
    guard case .integer(let b) = high else {
      throw Fault(.expected(.integer, found: high, as: .rangeEnd, at: upper.range))
    }
    let end = isClosed ? b.addingReportingOverflow(1) : (b, false)
    guard !end.1 else { throw Fault(.integerOverflow(at: range)) }
    guard end.0 <= a || !end.0.subtractingReportingOverflow(a).overflow else {
      throw Fault(.rangeTooLong(at: range))
    }
    return .range(IntegerRange(lower: a, upper: end.0, endsFromBack: b < 0))
  }
}

/// `[1, x, f(2)]`
final class ListNode: CodeNode {
  private let elements: [CodeNode]

  /// Elements are evaluated in order.
  init(_ elements: [CodeNode], _ range: SourceRange) {
    self.elements = elements
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try element.evaluate(frame)) }
    return try frame.machine.list(values.count, at: range) { values }
  }
}

/// `"loss \(x)"`
final class InterpolationNode: CodeNode {
  /// A piece of the string: as it is typed, or a value that is printed in its place.
  enum Part {
    case text(String)
    case value(CodeNode)
  }
  private let parts: [Part]

  /// Parts are in order.
  init(_ parts: [Part], _ range: SourceRange) {
    self.parts = parts
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    var string = ""
    for part in parts {
      switch part {
      case .text(let text): string += text
      case .value(let node): string += frame.machine.text(of: try node.evaluate(frame))
      }
    }
    return .string(Text(string))
  }
}
