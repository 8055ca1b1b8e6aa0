import Foundation
import Syntax

/// Arithmetic of integers, floats and sizes.
extension Interpreter {
  /// An operator with a size on one side at least; `nil` where sizes are computed with as plain
  /// numbers, or not at all. Fractions of bytes are dropped.
  func sizes(
    _ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange
  ) throws(Fault) -> Value? {
    switch (a, b) {
    case (.bytes(let x), .bytes(let y)):
      switch operation {
      case .divide:
        guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
        return .float(Double(x) / Double(y))
      case .floorDivide: return try integers(operation, x, y, at: range)
      case .multiply, .power: return nil
      default: return asBytes(try integers(operation, x, y, at: range))
      }
    case (.bytes(let x), .integer(let y)), (.integer(let x), .bytes(let y)):
      switch operation {
      case .divide:
        guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
        return .bytes(try wholeBytes(Double(x) / Double(y), at: range))
      case .power: return nil
      default: return asBytes(try integers(operation, x, y, at: range))
      }
    case (.bytes(let x), .float(let y)) where operation == .multiply:
      return .bytes(try wholeBytes(Double(x) * y, at: range))
    case (.bytes(let x), .float(let y)) where operation == .divide:
      return .bytes(try wholeBytes(Double(x) / y, at: range))
    case (.float(let x), .bytes(let y)) where operation == .multiply:
      return .bytes(try wholeBytes(x * Double(y), at: range))
    default: return nil
    }
  }

  private func asBytes(_ value: Value) -> Value {
    if case .integer(let count) = value { .bytes(count) } else { value }
  }

  /// A count of bytes, rounded down.
  func wholeBytes(_ count: Double, at range: SourceRange) throws(Fault) -> Int {
    guard let whole = Int(exactly: count.rounded(.down)) else {
      throw Fault(.integerOverflow(at: range))
    }
    return whole
  }

  /// The number in an int, a float, or a count of bytes.
  func double(_ value: Value) -> Double? {
    switch value {
    case .integer(let x): Double(x)
    case .float(let x): x
    case .bytes(let x): Double(x)
    default: nil
    }
  }

  /// An operator on two integers: `/` and negative powers give a float, `//` and `%` round down.
  /// Throws where the result has more than 64 bits, and for a division by zero.
  func integers(
    _ operation: BinaryOperator, _ x: Int, _ y: Int, at range: SourceRange
  ) throws(Fault) -> Value {
    let result: (partialValue: Int, overflow: Bool)
    switch operation {
    case .add: result = x.addingReportingOverflow(y)
    case .subtract: result = x.subtractingReportingOverflow(y)
    case .multiply: result = x.multipliedReportingOverflow(by: y)
    case .divide:
      guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
      return .float(Double(x) / Double(y))
    case .floorDivide:
      guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
      result = x.dividedReportingOverflow(by: y)
      if !result.overflow, result.partialValue * y != x, (x < 0) != (y < 0) {
        return .integer(result.partialValue - 1)
      }
    case .remainder:
      guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
      if y == -1 { return .integer(0) }
      let remainder = x % y
      return .integer(remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder)
    case .power:
      if y < 0 {
        guard x != 0 else { throw Fault(.divisionByZero(at: range)) }
        return .float(pow(Double(x), Double(y)))
      }
      result = power(x, y)
    case .less: return .boolean(x < y)
    case .lessOrEqual: return .boolean(x <= y)
    case .greater: return .boolean(x > y)
    case .greaterOrEqual: return .boolean(x >= y)
    default: throw Fault(.operatorMismatch(operation.rawValue, .integer(x), .integer(y), at: range))
    }
    guard !result.overflow else { throw Fault(.integerOverflow(at: range)) }
    return .integer(result.partialValue)
  }

  private func power(_ base: Int, _ exponent: Int) -> (partialValue: Int, overflow: Bool) {
    var result = 1
    var factor = base
    var left = exponent
    var overflow = false
    while left > 0 {
      if left & 1 == 1 {
        let step = result.multipliedReportingOverflow(by: factor)
        result = step.partialValue
        overflow = overflow || step.overflow
      }
      left >>= 1
      if left > 0 {
        let square = factor.multipliedReportingOverflow(by: factor)
        factor = square.partialValue
        if square.overflow { return (0, true) }
      }
    }
    return (result, overflow)
  }

  /// An operator on two numbers as doubles; `nil` where it has no meaning for them.
  func floats(_ operation: BinaryOperator, _ x: Double, _ y: Double) -> Value? {
    switch operation {
    case .add: .float(x + y)
    case .subtract: .float(x - y)
    case .multiply: .float(x * y)
    case .divide: .float(x / y)
    case .floorDivide: .float((x / y).rounded(.down))
    case .remainder: .float(x - (x / y).rounded(.down) * y)
    case .power: .float(pow(x, y))
    case .less: .boolean(x < y)
    case .lessOrEqual: .boolean(x <= y)
    case .greater: .boolean(x > y)
    case .greaterOrEqual: .boolean(x >= y)
    case .pipe, .or, .and, .equal, .notEqual, .membership, .matrixMultiply: nil
    }
  }

  /// `-x`: of a number, a tensor, or gradients with their loss. Throws for anything else, and for
  /// the least integer.
  func negate(_ value: Value, at range: SourceRange) throws(Fault) -> Value {
    switch value {
    case .integer(let x):
      let (result, overflow) = 0.subtractingReportingOverflow(x)
      guard !overflow else { throw Fault(.integerOverflow(at: range)) }
      return .integer(result)
    case .float(let x): return .float(-x)
    case .tensor(let tensor):
      var emission = Emission(self, at: range)
      return .tensor(try emission.unary(.negate, tensor))
    case .gradients(let gradients):
      return .gradients(try scaled(gradients, .multiply, by: -1, at: range))
    default:
      throw Fault(
        .expected(.tensorOrNumber, found: value, as: .operand("-"), at: range))
    }
  }
}
