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
  private let operation: BinaryOperator?
  private let value: CodeNode
  fileprivate var cell = -1
  /// The subscripts where they are one or two and nothing else, as most are.
  private let places: (first: Sight, second: Sight?)?

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
    let subscripts = steps.compactMap { if case .index(let node) = $0 { node } else { nil } }
    places =
      subscripts.count == steps.count && subscripts.count <= 2
      ? (Sight(subscripts[0]), subscripts.count == 2 ? Sight(subscripts[1]) : nil) : nil
    super.init(range)
    variable?.addUser(self)
    variable?.assignments += 1
  }

  final func moveToCell(_ number: Int) { cell = number }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try assign(try value.evaluate(frame), operation, frame)
    return .none
  }

  /// Assigns a value, or what the operator makes of it.
  final func assign(
    _ new: Value, _ operation: BinaryOperator?, _ frame: Frame
  ) throws(Fault) {
    guard let places else {
      var path: [PlaceStep] = []
      for step in steps {
        switch step {
        case .index(let node): path.append(.index(try node.evaluate(frame), node.range))
        case .field(let name): path.append(.field(name))
        }
      }
      return try assignSlowly(new, operation, path, frame)
    }
    guard let second = places.second else {
      return try places.first.look(frame) { (index) throws(Fault) in
        try assign(new, operation, at: index, frame)
      }
    }
    let index = try places.first.value(frame)
    let inner = try second.value(frame)
    let isDone = try change(frame) { base in
      withUnsafePointer(to: index) { index in
        withUnsafePointer(to: inner) { inner in
          base.change(at: index) { $0.assignQuickly(new, operation, at: inner, isInside: true) }
        }
      }
    }
    if isDone { return }
    try assignSlowly(
      new, operation, [.index(index, steps[0].range), .index(inner, steps[1].range)], frame)
  }

  /// The same where there is one subscript, whose value lies at `index`.
  final func assign(
    _ new: Value, _ operation: BinaryOperator?, at index: UnsafePointer<Value>, _ frame: Frame
  ) throws(Fault) {
    if try change(frame, { $0.assignQuickly(new, operation, at: index) }) { return }
    try assignSlowly(new, operation, [.index(index.pointee, steps[0].range)], frame)
  }

  /// Lets `body` change what the name stands for where it lies. `body` gives false where it left it
  /// as it was.
  @inline(__always)
  final func change(
    _ frame: Frame, _ body: (inout Value) -> Bool
  ) throws(Fault) -> Bool {
    if case .local(let slot) = root, cell < 0 { return body(&frame.slots[slot]) }
    guard let cell = try rootCell(frame) else { return true }
    return frame.machine.change(cell, body)
  }

  /// The cell that the name stands for; refuses one that must not be assigned here.
  private func rootCell(_ frame: Frame) throws(Fault) -> Cell? {
    switch root {
    case .local: return frame.cells[cell]
    case .capture(let number):
      guard let cell = frame.cell(ofCapture: number)?.takeUnretainedValue() else { return nil }
      try frame.machine.checkAssignment(of: cell, at: range)
      return cell
    case .session(let cell):
      guard cell.isDefined else {
        throw Fault(.assignmentToUnknown(cell.name, at: range, known: frame.machine.knownNames))
      }
      try frame.machine.checkAssignment(of: cell, at: range)
      return cell
    }
  }

  @inline(never)
  private func assignSlowly(
    _ new: Value, _ operation: BinaryOperator?, _ path: [PlaceStep], _ frame: Frame
  ) throws(Fault) {
    let write = PlaceWrite(operation: operation, value: new, valueRange: value.range, range: range)
    if case .local(let slot) = root, cell < 0 {
      return try frame.machine.assign(write, in: &frame.slots[slot], path[...])
    }
    if let cell = try rootCell(frame) { try frame.machine.assign(write, in: cell, path) }
  }
}

/// `xs[i] = v` with a variable of the function that runs: a plain value in a list at once.
final class AssignElementNode: AssignPlaceNode {
  private let slot: Int
  private let place: Sight
  private let new: CodeNode

  /// `place` is the subscript.
  init(_ variable: Variable, _ place: CodeNode, _ value: CodeNode, _ range: SourceRange) {
    slot = variable.slot
    self.place = Sight(place)
    new = value
    super.init(.local(slot: variable.slot), variable, [.index(place)], nil, value, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try new.evaluate(frame)
    try place.look(frame) { (index) throws(Fault) in
      if case .integer(let number) = index.pointee, cell < 0, value.isPlain,
        frame.slots[slot].replaceElement(at: number, by: value)
      {
        return
      }
      try assign(value, nil, at: index, frame)
    }
    return .none
  }
}

/// `groups[key] = append(groups[key], …)`, where `…` assigns neither name: a list that nobody else
/// holds grows where it is.
final class AppendPlaceNode: AssignPlaceNode {
  private let call: CallNode
  private let callee: CodeNode
  private let list: CodeNode
  private let element: CodeNode
  private let slot: LocalNode
  private let key: LocalNode?
  private let place: Sight

  /// `call` is `append(list, element)`, whatever `append` means when it runs, and `list` the place
  /// that is assigned: `variable` at the value of `place`, a variable or a constant.
  init(
    _ variable: Variable, _ list: LocalElementNode, _ call: CallNode, callee: CodeNode,
    element: CodeNode, _ range: SourceRange
  ) {
    self.call = call
    self.callee = callee
    self.list = list
    self.element = element
    slot = list.whole
    key = list.place as? LocalNode
    place = Sight(list.place)
    super.init(.local(slot: variable.slot), variable, [.index(list.place)], nil, call, range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    // What a function captured may change while the element is evaluated.
    guard slot.cell < 0, (key?.cell ?? -1) < 0 else { return try super.evaluate(frame) }
    let isThere = try place.look(frame) { (place) in frame.slots[slot.slot].hasList(at: place) }
    guard isThere else { return try super.evaluate(frame) }
    let target = try callee.evaluate(frame)
    let more = try element.evaluate(frame)
    if case .function(let function) = target, function.isAppend, more.isPlain {
      let isDone = try place.look(frame) { (place) in
        frame.slots[slot.slot].change(at: place) {
          $0.append(more, most: Interpreter.longestList)
        }
      }
      if isDone {
        try frame.machine.tick(at: range)
        return .none
      }
    }
    try assign(call.apply(target, [list.evaluate(frame), more], frame), nil, frame)
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
