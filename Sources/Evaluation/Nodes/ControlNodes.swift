import Syntax

/// Statements in a row; the value is the last one's.
final class BlockNode: CodeNode {
  private let statements: NodeRow

  /// The value of no statement is `none`.
  init(_ statements: [CodeNode], _ range: SourceRange) {
    self.statements = NodeRow(statements)
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard statements.count > 0 else { return .none }
    for place in 0..<statements.count - 1 { _ = try statements.evaluate(place, frame) }
    return try statements.evaluate(statements.count - 1, frame)
  }
}

/// `if c { … } else { … }`: the value of the branch that is taken, `none` where there is none.
final class ConditionalNode: CodeNode {
  private let condition: CodeNode
  private let then: CodeNode
  private let otherwise: CodeNode?

  /// `otherwise` may be another conditional: `else if`.
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

  /// More binders than one take the parts of each item, or a key and its value of a dictionary.
  init(_ binders: [BindLocalNode], items: CodeNode, body: CodeNode, _ range: SourceRange) {
    self.binders = binders
    self.items = items
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let value = try items.evaluate(frame)
    let start = machine.moment
    if case .range(let range) = value, binders.count == 1 {
      let binder = binders[0]
      for next in range.lower..<range.upper {
        binder.bind(.integer(next), in: frame)
        if try !turn(frame, machine, since: start) { break }
      }
      return .none
    }
    if case .list(let list) = value, binders.count == 1 {
      let binder = binders[0]
      defer { binder.bind(.none, in: frame) }
      for place in 0..<list.count {
        binder.bind(list[place], in: frame)
        if try !turn(frame, machine, since: start) { break }
      }
      return .none
    }
    if case .string(let text) = value, binders.count == 1 {
      let binder = binders[0]
      try text.forEachCharacter { (character) throws(Fault) in
        binder.bind(character, in: frame)
        return try turn(frame, machine, since: start)
      }
      binder.bind(.none, in: frame)
      return .none
    }
    if case .list(let list) = value {
      return try rows(of: list, frame, machine, since: start)
    }
    if case .dictionary(let dictionary) = value, binders.count == 2 {
      return try pairs(of: dictionary, frame, machine, since: start)
    }
    let elements = try machine.elements(of: value, at: items.range)
    try elements.visit { (element) throws(Fault) -> Bool in
      if binders.count == 1 {
        binders[0].bind(element, in: frame)
      } else {
        let parts = try machine.parts(
          of: element, count: binders.count, as: .loopItem, at: items.range)
        for (binder, part) in zip(binders, parts) { binder.bind(part, in: frame) }
      }
      let goesOn = try turn(frame, machine, since: start)
      // Let go of the item before the next is made: of batches, only one is live at a time.
      for binder in binders { binder.bind(.none, in: frame) }
      return goesOn
    }
    return .none
  }

  /// `for a, b in pairs { … }`
  private func rows(
    of list: List, _ frame: Frame, _ machine: Interpreter, since start: Interpreter.Moment
  ) throws(Fault) -> Value {
    defer { for binder in binders { binder.bind(.none, in: frame) } }
    for place in 0..<list.count {
      if let row = list.inner(place), row._withUnsafeGuaranteedRef({ $0.count }) == binders.count {
        row._withUnsafeGuaranteedRef { row in
          for (place, binder) in binders.enumerated() { binder.bind(row[place], in: frame) }
        }
      } else {
        let parts = try machine.parts(
          of: list[place], count: binders.count, as: .loopItem, at: items.range)
        for (binder, part) in zip(binders, parts) { binder.bind(part, in: frame) }
      }
      if try !turn(frame, machine, since: start) { break }
      for binder in binders { binder.bind(.none, in: frame) }
    }
    return .none
  }

  /// `for key, value in dictionary { … }`
  private func pairs(
    of dictionary: DictionaryValue, _ frame: Frame, _ machine: Interpreter,
    since start: Interpreter.Moment
  ) throws(Fault) -> Value {
    for (key, value) in dictionary.entries {
      binders[0].bind(key.value, in: frame)
      binders[1].bind(value, in: frame)
      if try !turn(frame, machine, since: start) { break }
    }
    return .none
  }

  /// One turn of the body; false where the loop is over.
  @inline(__always)
  private func turn(
    _ frame: Frame, _ machine: Interpreter, since start: Interpreter.Moment
  ) throws(Fault) -> Bool {
    try machine.tick(at: range)
    let goesOn = try body.turn(frame)
    machine.didTurn(at: range, since: start)
    return goesOn
  }
}

extension CodeNode {
  /// One turn of a loop's body; false where `break` ended the loop.
  @inline(__always)
  fileprivate func turn(_ frame: Frame) throws(Fault) -> Bool {
    do {
      _ = try evaluate(frame)
      return true
    } catch {
      switch error.exit {
      case .breaking: return false
      case .continuing: return true
      case .returning, nil: throw error
      }
    }
  }
}

/// `while c { … }`
final class WhileNode: CodeNode {
  private let condition: CodeNode
  private let body: CodeNode

  /// `condition` is evaluated before each turn.
  init(_ condition: CodeNode, body: CodeNode, _ range: SourceRange) {
    self.condition = condition
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let start = machine.moment
    while try machine.truth(of: condition.evaluate(frame), at: condition.range) {
      try machine.tick(at: range)
      let goesOn = try body.turn(frame)
      machine.didTurn(at: range, since: start)
      if !goesOn { break }
    }
    return .none
  }
}

extension Interpreter {
  /// A turn of the loop at `range`, which began at `start`, ended: in a block that is traced, a
  /// chain may be cut there.
  @inline(__always)
  fileprivate func didTurn(at range: SourceRange, since start: Moment) {
    if let trace, range.source !== prelude { trace.endTurn() }
    sweepCycles(since: start)
  }
}

/// `break` and `continue`: ends the turn of the loop around, from any depth of an expression.
final class LoopExitNode: CodeNode {
  private let exit: Fault

  /// `exit` is `Fault.breaking` or `Fault.continuing`.
  init(_ exit: Fault, _ range: SourceRange) {
    self.exit = exit
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value { throw exit }
}

/// `return x`: ends the function around, from any depth of loops and expressions.
final class ReturnNode: CodeNode {
  private let value: CodeNode?

  /// Without a value the function gives `none`.
  init(_ value: CodeNode?, _ range: SourceRange) {
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    frame.machine.returned = try value?.evaluate(frame) ?? .none
    throw Fault.returning
  }
}
