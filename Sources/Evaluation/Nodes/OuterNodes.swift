import Syntax

/// A variable that the running function captured, or a name of the session, whose cell somebody
/// else holds.
struct OuterPlace {
  /// The name's; `nil` for a captured variable.
  private let session: Unmanaged<Cell>?
  /// Of the captured variable.
  private let number: Int

  /// A variable that the function captured under a number.
  init(capture number: Int) { (session, self.number) = (nil, number) }

  /// A name of the session.
  init(session cell: Cell) { (session, number) = (.passUnretained(cell), 0) }

  /// True for a node that reads the same.
  func isRead(by node: CodeNode) -> Bool {
    switch node {
    case let node as CaptureNode: session == nil && node.number == number
    case let node as SessionNode:
      session?._withUnsafeGuaranteedRef { $0 === node.cell } ?? false
    default: false
    }
  }

  /// Its cell, which the frame or the session holds; `nil` where it has no value.
  @inline(__always)
  func cell(_ frame: Frame) -> Unmanaged<Cell>? {
    guard let session else { return frame.cell(ofCapture: number) }
    return session._withUnsafeGuaranteedRef { $0.isDefined } ? session : nil
  }
}

/// `x = x + …` and `x += …` for a captured variable or a name of the session: a string that nobody
/// else holds grows where it is.
final class AddOuterNode: CodeNode {
  private let place: OuterPlace
  private let sum: BinaryNode
  private let addend: CodeNode
  private let usual: CodeNode

  /// `sum` is `x + …`, and `usual` assigns it.
  init(_ place: OuterPlace, _ sum: BinaryNode, usual: CodeNode, _ range: SourceRange) {
    self.place = place
    self.sum = sum
    addend = sum.right
    self.usual = usual
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard frame.machine.trace == nil, let cell = place.cell(frame) else {
      return try usual.evaluate(frame)
    }
    var (old, writes) = cell._withUnsafeGuaranteedRef { ($0.value, $0.writes) }
    let more = try addend.evaluate(frame)
    if case .string(let text) = more, cell._withUnsafeGuaranteedRef({ $0.writes }) == writes {
      old = .none
      let isDone = cell._withUnsafeGuaranteedRef { cell in
        frame.machine.change(cell) { $0.grow(by: text) }
      }
      if isDone { return .none }
      old = cell._withUnsafeGuaranteedRef { $0.value }
    }
    let value: Value
    if let quick = BinaryOperator.add.quick(old, more) {
      value = quick
    } else {
      value = try sum.applied(old, more, frame)
    }
    cell._withUnsafeGuaranteedRef { frame.machine.write(value, to: $0) }
    return .none
  }
}

/// `x = append(x, …)` in the same way: a list that nobody else holds grows where it is.
final class AppendOuterNode: CodeNode {
  private let place: OuterPlace
  private let call: CallNode
  private let callee: CodeNode
  private let element: CodeNode
  private let usual: CodeNode

  /// `call` is `append(x, element)`, whatever `append` means when it runs, and `usual` assigns it.
  init(
    _ place: OuterPlace, _ call: CallNode, callee: CodeNode, element: CodeNode, usual: CodeNode,
    _ range: SourceRange
  ) {
    self.place = place
    self.call = call
    self.callee = callee
    self.element = element
    self.usual = usual
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard frame.machine.trace == nil, let cell = place.cell(frame) else {
      return try usual.evaluate(frame)
    }
    let target = try callee.evaluate(frame)
    var (old, writes) = cell._withUnsafeGuaranteedRef { ($0.value, $0.writes) }
    let more = try element.evaluate(frame)
    if case .function(let function) = target, function.isAppend,
      more.depth < Interpreter.deepestList, cell._withUnsafeGuaranteedRef({ $0.writes }) == writes
    {
      old = .none
      let isDone = cell._withUnsafeGuaranteedRef { cell in
        frame.machine.change(cell) { $0.append(more, most: Interpreter.longestList) }
      }
      if isDone {
        try frame.machine.tick(at: range)
        return .none
      }
      old = cell._withUnsafeGuaranteedRef { $0.value }
    }
    let value = try call.apply(target, [old, more], frame)
    cell._withUnsafeGuaranteedRef { frame.machine.write(value, to: $0) }
    return .none
  }
}
