import Syntax

extension Interpreter {
  /// Gives every state of a layer, and of the layers in it, the value that it was made with.
  func reset(_ value: Value, at range: SourceRange) throws(Fault) {
    guard case .layer(let layer) = value else {
      throw Fault(.expected(.layerOrState, found: value, as: .reset, at: range))
    }
    guard !layer.states().isEmpty else { throw Fault(.noStates(layer.name, at: range)) }
    for inner in layer.layersWithStates() { try reset(inner, only: nil, at: range) }
  }

  /// Evaluates the first values of a layer's own states again: of all, or of one. Values drawn at
  /// random are drawn anew.
  func reset(_ layer: Layer, only name: Identifier?, at range: SourceRange) throws(Fault) {
    guard case .declared(_, let maker) = layer.kind else { return }
    let code = maker.code.maker
    try enter(at: range)
    defer { leave() }
    guard let (slots, cells) = variables.push(slots: code.slotCount, cells: code.cellCount) else {
      throw Fault(.tooDeep(limit: depth, at: range))
    }
    defer { variables.pop(slots: code.slotCount, cells: code.cellCount) }
    let closure = Closure(code: code, captures: maker.captures)
    defer { withExtendedLifetime(closure) {} }
    let frame = Frame(slots: slots, cells: cells, closure: closure, machine: self)
    for (parameter, field) in zip(code.parameters, layer.fields) {
      parameter.variable.store(field.cell.value, slots: slots, cells: cells)
    }
    for (member, field) in zip(maker.code.members, layer.fields.dropFirst(layer.argumentCount)) {
      if member.kind == .state, name == nil || name?.name == member.name.name,
        case .tensor(let old) = field.cell.value
      {
        guard !old.isSketch else { throw Fault(.sketched(at: range)) }
        let first = try own(try member.value.evaluate(frame), as: .state, member.name)
        replaceBytes(of: old, by: first.backing)
      }
      member.variable.store(field.cell.value, slots: slots, cells: cells)
    }
  }
}

extension Layer {
  /// This layer and those in it that declare a state, each once.
  fileprivate func layersWithStates() -> [Layer] {
    var found: [Layer] = []
    var seen: Set<ObjectIdentifier> = []
    var open: [Value] = [.layer(self)]
    while let next = open.popLast() {
      switch next {
      case .list(let list): open += list.elements
      case .layer(let layer) where seen.insert(ObjectIdentifier(layer)).inserted:
        if layer.fields.contains(where: { $0.kind == .state }) { found.append(layer) }
        if case .chain(let elements) = layer.kind { open += elements }
        open += layer.fields.map(\.cell.value)
      default: break
      }
    }
    return found
  }
}
