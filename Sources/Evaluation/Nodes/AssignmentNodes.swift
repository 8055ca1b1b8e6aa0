import Syntax

/// `let a, b = pair`: each name takes a part of the value.
final class DestructureNode: CodeNode {
  /// Where a part goes.
  enum Target {
    case local(BindLocalNode)
    case session(Cell)
  }
  private let targets: [Target]
  private let value: CodeNode

  /// Targets take the parts in order: there must be as many.
  init(_ targets: [Target], _ value: CodeNode, _ range: SourceRange) {
    self.targets = targets
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let whole = try value.evaluate(frame)
    let parts = try frame.machine.parts(
      of: whole, count: targets.count, as: .bound, at: value.range)
    for (target, part) in zip(targets, parts) {
      switch target {
      case .local(let binder): binder.bind(part, in: frame)
      case .session(let cell):
        frame.machine.remarkIfHiding(cell)
        frame.machine.write(part, to: cell)
      }
    }
    return .none
  }
}

/// `xs[0] = 3`, `counts["a"] += 1`, `net.layers[0].w = zeros(2, 64)`.
class AssignPlaceNode: CodeNode, VariableUser {
  /// The name that a place begins with.
  enum Root {
    case local(slot: Int)
    case capture(Int)
    case session(Cell)
  }

  /// One step of the way from the name to the place.
  enum Step {
    case index(CodeNode)
    case field(Identifier)

    /// What messages about the step point at.
    var range: SourceRange {
      switch self {
      case .index(let node): node.range
      case .field(let name): name.range
      }
    }
  }

  private let root: Root
  private let steps: [Step]
  fileprivate let operation: BinaryOperator?
  fileprivate let value: CodeNode
  fileprivate var cell = -1

  /// `variable` is the root's where that is a local one, `operation` the `+` of `+=`, and `range`
  /// the whole assignment.
  init(
    _ root: Root, _ variable: Variable?, _ steps: [Step], _ operation: BinaryOperator?,
    _ value: CodeNode, _ range: SourceRange
  ) {
    self.root = root
    self.steps = steps
    self.operation = operation
    self.value = value
    super.init(range)
    variable?.addUser(self)
    variable?.assignments += 1
  }

  func moveToCell(_ number: Int) { cell = number }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let new = try value.evaluate(frame)
    var path: [PlaceStep] = []
    for step in steps {
      switch step {
      case .index(let node): path.append(.index(try node.evaluate(frame), node.range))
      case .field(let name): path.append(.field(name))
      }
    }
    let write = PlaceWrite(operation: operation, value: new, valueRange: value.range, range: range)
    switch root {
    case .local(let slot) where cell < 0:
      try machine.assign(write, in: &frame.slots[slot], path[...])
    case .local:
      if let cell = frame.cells[cell] { try machine.assign(write, in: cell, path) }
    case .capture(let number):
      guard let cell = frame.closure?.captures[number] else { break }
      try machine.checkAssignment(of: cell, at: range)
      try machine.assign(write, in: cell, path)
    case .session(let cell):
      guard cell.isDefined else {
        throw Fault(.assignmentToUnknown(cell.name, at: range, known: machine.knownNames))
      }
      try machine.checkAssignment(of: cell, at: range)
      try machine.assign(write, in: cell, path)
    }
    return .none
  }
}

/// `xs[i] = v` and `xs[i] += v` with a variable of the function that runs: the common ones at once.
final class AssignElementNode: AssignPlaceNode {
  private let slot: Int
  private let place: CodeNode

  /// `place` is the subscript.
  init(
    _ variable: Variable, _ place: CodeNode, _ operation: BinaryOperator?, _ value: CodeNode,
    _ range: SourceRange
  ) {
    slot = variable.slot
    self.place = place
    super.init(.local(slot: variable.slot), variable, [.index(place)], operation, value, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard cell < 0 else { return try super.evaluate(frame) }
    let new = try value.evaluate(frame)
    let index = try place.evaluate(frame)
    if frame.slots[slot].assignQuickly(new, operation, at: index) { return .none }
    let write = PlaceWrite(operation: operation, value: new, valueRange: value.range, range: range)
    try frame.machine.assign(write, in: &frame.slots[slot], [.index(index, place.range)])
    return .none
  }
}

/// `["a": 1, "b": 2]`
final class DictionaryNode: CodeNode {
  private let keys: [CodeNode]
  private let values: [CodeNode]

  /// Keys and values are in the order in which they are typed, as many of each.
  init(_ keys: [CodeNode], _ values: [CodeNode], _ range: SourceRange) {
    self.keys = keys
    self.values = values
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    var pairs: [(Value, Value, SourceRange)] = []
    for (key, value) in zip(keys, values) {
      pairs.append((try key.evaluate(frame), try value.evaluate(frame), key.range))
    }
    return try frame.machine.dictionary(pairs, at: range)
  }
}

/// `reset net.norm.mean`, `reset net`: states take the values that they were made with.
final class ResetNode: CodeNode {
  /// What is reset: all states of what an expression gives, or one member of it.
  enum Target {
    case whole(CodeNode)
    case member(CodeNode, Identifier)
  }
  private let targets: [Target]

  /// Targets are reset in order; where one fails, the command undoes those before it.
  init(_ targets: [Target], _ range: SourceRange) {
    self.targets = targets
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    guard machine.trace == nil else { throw Fault(.insideBlock("reset", at: range)) }
    for target in targets {
      switch target {
      case .whole(let node): try machine.reset(try node.evaluate(frame), at: node.range)
      case .member(let base, let name):
        let owner = try base.evaluate(frame)
        if case .layer(let layer) = owner,
          layer.fields.contains(where: { $0.name == name.name && $0.kind == .state })
        {
          try machine.reset(layer, only: name, at: range)
        } else {
          try machine.reset(try machine.field(name, of: owner, at: name.range), at: range)
        }
      }
    }
    return .none
  }
}
