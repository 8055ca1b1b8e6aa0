import Foundation
import Syntax

extension Interpreter {
  /// True or false, for `if`, `while`, `and`, `or`, `not`.
  @inline(__always)
  func truth(of value: Value, at range: SourceRange) throws(Fault) -> Bool {
    if case .boolean(let truth) = value { return truth }
    return try tensorTruth(of: value, at: range)
  }

  /// A comparison of scalar tensors may decide too, where it is not being traced.
  private func tensorTruth(of value: Value, at range: SourceRange) throws(Fault) -> Bool {
    guard case .tensor(let tensor) = value, tensor.shape.count == 1 else {
      throw Fault(.expected(.truth, found: value, as: .condition, at: range))
    }
    return try number(in: tensor, at: range) != 0
  }

  /// An operator on any two values, other than the cases that `BinaryNode` answers itself.
  func apply(
    _ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange,
    left: SourceRange, right: SourceRange
  ) throws(Fault) -> Value {
    if operation == .membership {
      return .boolean(try contains(b, a, at: range, whole: right))
    }
    if (isGradients(a) || isGradients(b)) && operation.isArithmetic {
      return try gradientOperator(operation, a, b, at: range)
    }
    if isTensor(a) || isTensor(b) {
      return try tensorOperator(operation, a, b, at: range, left: left, right: right)
    }
    switch operation {
    case .equal: return .boolean(try isEqual(a, b, at: range))
    case .notEqual: return .boolean(try !isEqual(a, b, at: range))
    default: break
    }
    switch (a, b) {
    case (.integer(let x), .integer(let y)):
      return try integers(operation, x, y, at: range)
    case (.bytes(let x), .bytes(let y)):
      if operation == .divide {
        guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
        return .float(Double(x) / Double(y))
      }
      if operation == .floorDivide { return try integers(operation, x, y, at: range) }
      if operation == .multiply || operation == .power { break }
      return asBytes(try integers(operation, x, y, at: range))
    case (.bytes(let x), .integer(let y)), (.integer(let x), .bytes(let y)):
      if operation == .divide {
        guard y != 0 else { throw Fault(.divisionByZero(at: range)) }
        return .bytes(try wholeBytes(Double(x) / Double(y), at: range))
      }
      if operation == .power { break }
      return asBytes(try integers(operation, x, y, at: range))
    case (.bytes(let x), .float(let y)) where operation == .multiply || operation == .divide:
      return .bytes(
        try wholeBytes(operation == .multiply ? Double(x) * y : Double(x) / y, at: range))
    case (.float(let x), .bytes(let y)) where operation == .multiply:
      return .bytes(try wholeBytes(x * Double(y), at: range))
    case (.string(let x), .string(let y)):
      switch operation {
      case .add:
        let bytes = x.string.utf8.count + y.string.utf8.count
        guard bytes <= Interpreter.longestString else {
          throw Fault(.tooLong(.string, limit: Interpreter.longestString, at: range))
        }
        return .string(Text(x.string + y.string))
      case .less: return .boolean(x.string < y.string)
      case .lessOrEqual: return .boolean(x.string <= y.string)
      case .greater: return .boolean(x.string > y.string)
      case .greaterOrEqual: return .boolean(x.string >= y.string)
      default: break
      }
    case (.list(let x), .list(let y)) where operation == .add:
      guard x.count + y.count <= Interpreter.longestList else {
        throw Fault(.tooLong(.list, limit: Interpreter.longestList, at: range))
      }
      return .list(x.appending(y.elements))
    case (.list(let x), .integer(let y)) where operation == .multiply:
      let (count, overflow) = x.elements.count.multipliedReportingOverflow(by: max(y, 0))
      return try list(overflow ? .max : count, at: range) {
        Array(repeatElement(x.elements, count: max(y, 0)).joined())
      }
    default: break
    }
    if let x = double(a), let y = double(b), let value = floats(operation, x, y) { return value }
    throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
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

  private func integers(
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

  private func floats(_ operation: BinaryOperator, _ x: Double, _ y: Double) -> Value? {
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

  func negate(_ value: Value, at range: SourceRange) throws(Fault) -> Value {
    switch value {
    case .integer(let x):
      let (result, overflow) = 0.subtractingReportingOverflow(x)
      guard !overflow else { throw Fault(.integerOverflow(at: range)) }
      return .integer(result)
    case .float(let x): return .float(-x)
    case .tensor(let tensor): return .tensor(try emit(.unary(.negate), [tensor], at: range))
    case .gradients(let gradients):
      return .gradients(try scaled(gradients, .multiply, by: -1, at: range))
    default:
      throw Fault(
        .expected(.tensorOrNumber, found: value, as: .operand("-"), at: range))
    }
  }

  func isNone(_ value: Value) -> Bool { if case .none = value { true } else { false } }
  func isGradients(_ value: Value) -> Bool {
    if case .gradients = value { true } else { false }
  }
  func isTensor(_ value: Value) -> Bool { if case .tensor = value { true } else { false } }

  // MARK: Lists and strings

  /// Bytes of the longest string.
  static let longestString = 64 << 20
  /// Elements of the longest list.
  static let longestList = 10_000_000
  /// Lists within lists, at most: what goes through them recurses as deep.
  static let deepestList = 10_000

  /// The list with one more element. Refused where it would be too long or nested too deep.
  func appended(
    _ list: List, _ element: Value, at range: @autoclosure () -> SourceRange
  ) throws(Fault) -> Value {
    guard list.count < Interpreter.longestList else {
      throw Fault(.tooLong(.list, limit: Interpreter.longestList, at: range()))
    }
    guard element.depth < Interpreter.deepestList else {
      throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: range()))
    }
    return .list(list.appending([element]))
  }

  /// A list of so many elements, made only where it is not too long, and refused where it is nested
  /// too deep.
  func list(
    _ count: Int, at range: @autoclosure () -> SourceRange, _ elements: () -> [Value]
  ) throws(Fault) -> Value {
    guard count <= Interpreter.longestList else {
      throw Fault(.tooLong(.list, limit: Interpreter.longestList, at: range()))
    }
    let list = List(elements())
    guard list.depth <= Interpreter.deepestList else {
      throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: range()))
    }
    return .list(list)
  }
}
