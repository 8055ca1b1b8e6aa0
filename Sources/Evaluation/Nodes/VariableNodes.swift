import Syntax

/// Reads a variable of the running function.
final class LocalNode: CodeNode, VariableUser {
  /// The variable's.
  let slot: Int
  /// Of the frame, once a function captured the variable; below 0 till then.
  private(set) var cell = -1

  /// Follows the variable to its cell where a function captures it later.
  init(_ variable: Variable, _ range: SourceRange) {
    self.slot = variable.slot
    super.init(range)
    variable.addUser(self)
  }

  func moveToCell(_ number: Int) { cell = number }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if cell < 0 { return frame.slots[slot] }
    return frame.cells[cell]?.value ?? .none
  }
}

/// Reads a variable that the running function captured.
final class CaptureNode: CodeNode {
  /// The variable's place among what the running function captured.
  let number: Int

  /// `number` is that place.
  init(_ number: Int, _ range: SourceRange) {
    self.number = number
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    frame.value(ofCapture: number)
  }
}

/// Reads a name of the session.
final class SessionNode: CodeNode {
  /// The name's.
  let cell: Cell

  /// `cell` may be of a name that is not defined yet: it must be by the time it is read.
  init(_ cell: Cell, _ range: SourceRange) {
    self.cell = cell
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if cell.isDefined { return cell.value }
    throw Fault(.unknownName(cell.name, at: range, known: frame.machine.knownNames))
  }
}

/// `let` inside a function or block: a fresh variable each time it runs.
final class BindLocalNode: CodeNode, VariableUser {
  private let slot: Int
  private let name: String
  private let value: CodeNode
  private let refersToItself: Bool
  private var cell = -1

  /// `value` is evaluated before the variable is bound, and so does not see it, but for a
  /// declaration's that `refersToItself`: it may capture the variable, as recursion does.
  init(
    _ variable: Variable, _ value: CodeNode, _ range: SourceRange, refersToItself: Bool = false
  ) {
    self.slot = variable.slot
    self.name = variable.name
    self.value = value
    self.refersToItself = refersToItself
    super.init(range)
    variable.addUser(self)
  }

  func moveToCell(_ number: Int) { cell = number }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    // What it captures is this turn's variable, not that of the turn before.
    if refersToItself, cell >= 0 { frame.cells[cell] = nil }
    let value = try self.value.evaluate(frame)
    bind(value, in: frame)
    return .none
  }

  /// Binds the variable to a value made elsewhere: an argument, an item of a loop.
  func bind(_ value: consuming Value, in frame: Frame) {
    if cell < 0 {
      frame.slots[slot] = value
    } else if let early = frame.cells[cell], !early.isDefined {
      // A function that is bound here captured it already, as recursion does.
      frame.machine.write(value, to: early)
    } else {
      frame.cells[cell] = Cell(name: name, value: value)
    }
  }
}

/// `x = …` for a variable of the running function.
class AssignLocalNode: CodeNode, VariableUser {
  /// The variable's.
  fileprivate let slot: Int
  private let value: CodeNode
  fileprivate var cell = -1

  /// Follows the variable to its cell where a function captures it later.
  init(_ variable: Variable, _ value: CodeNode, _ range: SourceRange) {
    self.slot = variable.slot
    self.value = value
    super.init(range)
    variable.addUser(self)
    variable.assignments += 1
  }

  func moveToCell(_ number: Int) { cell = number }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try self.value.evaluate(frame)
    if cell < 0 {
      frame.slots[slot] = value
    } else if let cell = frame.cells[cell] {
      frame.machine.write(value, to: cell)
    }
    return .none
  }
}

/// `x = x + …` and `x += …`, where `…` does not assign `x`: a string that nobody else holds grows
/// where it is.
final class AddLocalNode: AssignLocalNode {
  private let sum: BinaryNode
  private let addend: Sight

  /// `sum` is `x + …`.
  init(_ variable: Variable, _ sum: BinaryNode, _ range: SourceRange) {
    self.sum = sum
    addend = Sight(sum.right)
    super.init(variable, sum, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard cell < 0 else { return try super.evaluate(frame) }
    return try addend.look(frame) { (more) throws(Fault) in
      let place = frame.slots + slot
      // What stands on both sides is held by nobody else, and would not outlive its growth.
      if let text = more.text, more != UnsafePointer(place),
        text._withUnsafeGuaranteedRef({ place.pointee.grow(by: $0) })
      {
        return .none
      }
      if let value = BinaryOperator.add.quick(at: UnsafePointer(place), more) {
        place.pointee = value
      } else {
        place.pointee = try sum.applied(place.pointee, more.pointee, frame)
      }
      return .none
    }
  }
}

/// `x = append(x, …)`, where `…` does not assign `x`: a list that nobody else holds grows where it
/// is.
final class AppendLocalNode: AssignLocalNode {
  private let callee: CodeNode
  private let element: CodeNode
  private let call: CallNode

  /// `call` is `append(x, …)`, whatever `append` means when it runs.
  init(
    _ variable: Variable, _ call: CallNode, callee: CodeNode, element: CodeNode,
    _ range: SourceRange
  ) {
    self.callee = callee
    self.element = element
    self.call = call
    super.init(variable, call, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard cell < 0 else { return try super.evaluate(frame) }
    let target = try callee.evaluate(frame)
    let more = try element.evaluate(frame)
    if case .function(let function) = target, function.isAppend,
      more.depth < Interpreter.deepestList,
      frame.slots[slot].append(more, most: Interpreter.longestList)
    {
      try frame.machine.tick(at: range)
    } else {
      frame.slots[slot] = try call.apply(target, [frame.slots[slot], more], frame)
    }
    return .none
  }
}

/// `x = …` for a captured variable; `mean = …` in a layer's `forward` gives a state its new value.
final class AssignCaptureNode: CodeNode {
  private let number: Int
  private let isState: Bool
  private let value: CodeNode

  /// `number` is the variable's place among what the running function captured.
  init(_ number: Int, isState: Bool, _ value: CodeNode, _ range: SourceRange) {
    self.number = number
    self.isState = isState
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try self.value.evaluate(frame)
    guard isState || frame.machine.trace != nil else {
      frame.write(value, toCapture: number)
      return .none
    }
    guard let cell = frame.cell(ofCapture: number)?.takeUnretainedValue() else { return .none }
    if isState {
      try frame.machine.writeState(value, to: cell, at: range)
    } else {
      try frame.machine.checkAssignment(of: cell, at: range)
      frame.machine.write(value, to: cell)
    }
    return .none
  }
}

/// `let x = …` at top level, and `x = …` for a name of the session.
final class WriteSessionNode: CodeNode {
  private let cell: Cell
  private let value: CodeNode
  private let isBinding: Bool

  /// `isBinding` is true for `let`, which may define the name; an assignment may not.
  init(_ cell: Cell, _ value: CodeNode, isBinding: Bool, _ range: SourceRange) {
    self.cell = cell
    self.value = value
    self.isBinding = isBinding
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    if !isBinding, !cell.isDefined {
      throw Fault(.assignmentToUnknown(cell.name, at: range, known: frame.machine.knownNames))
    }
    let value = try value.evaluate(frame)
    if isBinding {
      frame.machine.remarkIfHiding(cell)
    } else {
      try frame.machine.checkAssignment(of: cell, at: range)
    }
    frame.machine.write(value, to: cell)
    return .none
  }
}
