import Syntax

/// Statements in a row; the value is the last one's.
final class BlockNode: CodeNode {
  private let statements: [CodeNode]

  init(_ statements: [CodeNode], _ range: SourceRange) {
    self.statements = statements
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    var last = Value.none
    for statement in statements {
      last = try statement.evaluate(frame)
      if frame.machine.signal != .none { return last }
    }
    return last
  }
}

final class ConditionalNode: CodeNode {
  private let condition: CodeNode
  private let then: CodeNode
  private let otherwise: CodeNode?

  init(_ condition: CodeNode, then: CodeNode, otherwise: CodeNode?, _ range: SourceRange) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try condition.evaluate(frame)
    if try frame.machine.truth(of: value, at: condition.range) { return try then.evaluate(frame) }
    return try otherwise?.evaluate(frame) ?? .none
  }
}

/// `for x in items { … }`
final class LoopNode: CodeNode {
  private let binders: [BindLocalNode]
  private let items: CodeNode
  private let body: CodeNode

  init(_ binders: [BindLocalNode], items: CodeNode, body: CodeNode, _ range: SourceRange) {
    self.binders = binders
    self.items = items
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let value = try items.evaluate(frame)
    if case .range(let range) = value, binders.count == 1 {
      let binder = binders[0]
      for next in range.lower..<range.upper {
        binder.bind(.integer(next), in: frame)
        if try !turn(frame, machine) { break }
      }
      return .none
    }
    let elements = try machine.elements(of: value, at: items.range)
    try elements.visit { (element) throws(Fault) -> Bool in
      if binders.count == 1 {
        binders[0].bind(element, in: frame)
      } else {
        let parts = try machine.unpack(element, into: binders.count, at: items.range)
        for (binder, part) in zip(binders, parts) { binder.bind(part, in: frame) }
      }
      let goesOn = try turn(frame, machine)
      // Let go of the item before the next is made: of batches, only one is live at a time.
      for binder in binders { binder.bind(.none, in: frame) }
      return goesOn
    }
    return .none
  }

  /// One turn of the body; false where the loop is over.
  @inline(__always)
  private func turn(_ frame: Frame, _ machine: Interpreter) throws(Fault) -> Bool {
    try machine.tick(at: range)
    _ = try body.evaluate(frame)
    switch machine.signal {
    case .none: return true
    case .breaking:
      machine.signal = .none
      return false
    case .continuing:
      machine.signal = .none
      return true
    case .returning: return false
    }
  }
}

final class WhileNode: CodeNode {
  private let condition: CodeNode
  private let body: CodeNode

  init(_ condition: CodeNode, body: CodeNode, _ range: SourceRange) {
    self.condition = condition
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    while try machine.truth(of: condition.evaluate(frame), at: condition.range) {
      try machine.tick(at: range)
      _ = try body.evaluate(frame)
      switch machine.signal {
      case .none: continue
      case .continuing: machine.signal = .none
      case .breaking:
        machine.signal = .none
        return .none
      case .returning: return .none
      }
    }
    return .none
  }
}

/// How a block ended, other than at its end.
enum Signal { case none, breaking, continuing, returning }

/// `break`, `continue`, `return x`
final class SignalNode: CodeNode {
  private let signal: Signal
  private let value: CodeNode?

  init(_ signal: Signal, _ value: CodeNode?, _ range: SourceRange) {
    self.signal = signal
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try self.value?.evaluate(frame) ?? .none
    frame.machine.signal = signal
    return value
  }
}
