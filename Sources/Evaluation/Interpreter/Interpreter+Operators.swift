import Syntax

extension Interpreter {
  /// True or false, for `if`, `while`, `and`, `or`, `not`.
  @inline(__always)
  func truth(
    of value: Value, at range: @autoclosure () -> SourceRange
  ) throws(Fault) -> Bool {
    if case .boolean(let truth) = value { return truth }
    return try tensorTruth(of: value, at: range())
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
    let found: Value? =
      switch (a, b) {
      case (.integer(let x), .integer(let y)): try integers(operation, x, y, at: range)
      case (.bytes, _), (_, .bytes): try sizes(operation, a, b, at: range)
      case (.string(let x), .string(let y)): try strings(operation, x, y, at: range)
      case (.list(let list), _): try lists(operation, list, b, at: range)
      default: nil
      }
    if let found { return found }
    if let x = double(a), let y = double(b), let value = floats(operation, x, y) { return value }
    throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
  }

  /// True for `none` alone.
  func isNone(_ value: Value) -> Bool { if case .none = value { true } else { false } }

  /// True for what `gradient` gives.
  func isGradients(_ value: Value) -> Bool {
    if case .gradients = value { true } else { false }
  }

  /// True for tensors, traced and sketched ones too.
  func isTensor(_ value: Value) -> Bool { if case .tensor = value { true } else { false } }

  // MARK: Lists and strings

  /// An operator on strings: joined, or in the order of their characters. `nil` for the others.
  private func strings(
    _ operation: BinaryOperator, _ a: Text, _ b: Text, at range: SourceRange
  ) throws(Fault) -> Value? {
    switch operation {
    case .add:
      let count = a.byteCount + b.byteCount
      guard count <= Interpreter.longestString else {
        throw Fault(.tooLong(.string, limit: Interpreter.longestString, at: range))
      }
      try heed(copying: count >> 4, at: range)
      return .string(a + b)
    case .less: return .boolean(a < b)
    case .lessOrEqual: return .boolean(a <= b)
    case .greater: return .boolean(a > b)
    case .greaterOrEqual: return .boolean(a >= b)
    default: return nil
    }
  }

  /// An operator on a list: joined with another, or repeated. `nil` for the others.
  private func lists(
    _ operation: BinaryOperator, _ list: List, _ other: Value, at range: SourceRange
  ) throws(Fault) -> Value? {
    switch (operation, other) {
    case (.add, .list(let more)):
      guard list.count + more.count <= Interpreter.longestList else {
        throw Fault(.tooLong(.list, limit: Interpreter.longestList, at: range))
      }
      return .list(list.appending(more.elements))
    case (.multiply, .integer(let times)):
      let times = max(times, 0)
      let (count, overflow) = list.count.multipliedReportingOverflow(by: times)
      return try self.list(overflow ? .max : count, at: range) {
        Array(repeatElement(list.elements, count: times).joined())
      }
    default: return nil
    }
  }

  /// Bytes of the longest string.
  static let longestString = 64 << 20
  /// Refuses a string that is being put together and grows beyond that.
  @inline(__always)
  func heedLength(
    ofStringFrom start: Int, at range: @autoclosure () -> SourceRange
  ) throws(Fault) {
    if spelling.count - start > Interpreter.longestString {
      throw Fault(.tooLong(.string, limit: Interpreter.longestString, at: range()))
    }
  }

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
    return .list(list.appending(element))
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
