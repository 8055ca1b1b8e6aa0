import Syntax

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
    case .negate:
      if case .float(let number) = value { return .float(-number) }
      if case .integer(let number) = value, number != .min { return .integer(-number) }
      return try frame.machine.negate(value, at: range)
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
    return .boolean(
      try frame.machine.approximately(
        a, b, within: tolerance, at: range, tolerance: self.tolerance?.range))
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
  /// A value, and where what stands before it begins and ends in `text`.
  private struct Piece {
    let text: Range<Int>
    let value: Sight
  }
  /// Holds the nodes that `pieces` look at.
  private let values: [CodeNode]
  private let pieces: UnsafeMutableBufferPointer<Piece>
  /// All that stands between the values, as bytes; what stands behind the last comes last.
  private let text: UnsafeMutableBufferPointer<UInt8>

  /// Parts are in order.
  init(_ parts: [Part], _ range: SourceRange) {
    var text: [UInt8] = []
    var pieces: [Piece] = []
    var values: [CodeNode] = []
    for part in parts {
      switch part {
      case .text(let more): text += more.utf8
      case .value(let node):
        pieces.append(
          Piece(text: (pieces.last?.text.upperBound ?? 0)..<text.count, value: Sight(node)))
        values.append(node)
      }
    }
    self.values = values
    self.pieces = .allocate(capacity: pieces.count)
    _ = self.pieces.initialize(from: pieces)
    self.text = .allocate(capacity: text.count)
    _ = self.text.initialize(from: text)
    super.init(range)
  }

  deinit {
    pieces.deallocate()
    text.deallocate()
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let spelling = machine.spelling
    let start = spelling.count
    defer { spelling.end(at: start) }
    for piece in pieces {
      spelling.append(UnsafeBufferPointer(rebasing: text[piece.text]))
      try piece.value.look(frame) { machine.spell($0) }
      try machine.heedLength(ofStringFrom: start, at: range)
    }
    let last = pieces.last?.text.upperBound ?? 0
    spelling.append(UnsafeBufferPointer(rebasing: text[last...]))
    return .string(spelling.text(from: start))
  }
}
