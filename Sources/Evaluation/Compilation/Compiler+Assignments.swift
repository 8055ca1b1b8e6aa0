import Syntax

/// Names that are bound and assigned: variables of functions and blocks, cells of the session, and
/// places inside values.
extension Compiler {
  /// `let a = v`, `let a, b = v`: one name takes the value, several its parts.
  func bind(
    _ names: [Identifier], _ value: CodeNode, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    if names.count > 1 {
      let targets = names.map { name -> DestructureNode.Target in
        scope.isSessionLevel
          ? .session(machine.bindingCell(name.name))
          : .local(
            BindLocalNode(declare(name, scope), ConstantNode(.none, name.range), name.range))
      }
      return DestructureNode(targets, value, range)
    }
    let name = names[0]
    if scope.isSessionLevel {
      return WriteSessionNode(machine.bindingCell(name.name), value, isBinding: true, range)
    }
    return BindLocalNode(declare(name, scope), value, range)
  }

  /// A variable of a function or a block; what its name hides there is said.
  func declare(_ name: Identifier, _ scope: FunctionScope) -> Variable {
    machine.remarkIfHiding(name.name, inStrategyOn: scope.strategySubject)
    return scope.declare(name.name)
  }

  /// Binds a name to a function of some kind that may refer to itself.
  func declare(
    _ name: Identifier, _ scope: FunctionScope, _ range: SourceRange,
    make: (FunctionScope) throws(Fault) -> CodeNode
  ) throws(Fault) -> CodeNode {
    if scope.isSessionLevel {
      return WriteSessionNode(
        machine.bindingCell(name.name), try make(scope), isBinding: true, range)
    }
    let variable = declare(name, scope)
    return BindLocalNode(variable, try make(scope), range, refersToItself: true)
  }

  /// `x = v`, `x += v`, `xs[0] = v`, `net.w = v`.
  func assign(
    _ target: Expression, _ operation: BinaryOperator?, _ value: Expression,
    _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    if case .name(let text) = target.kind {
      let before = scope.local(text)?.assignments
      var new = try expression(value, scope)
      if let operation {
        new = BinaryNode.of(operation, try expression(target, scope), new, range)
      }
      let isSteady = scope.local(text)?.assignments == before
      return try assign(Identifier(text, target.range), new, isSteady: isSteady, scope, range)
    }
    let before = scope.assignments(of: target.rootName, target.subscriptName)
    let new = try expression(value, scope)
    let isSteady = scope.assignments(of: target.rootName, target.subscriptName) == before
    var steps: [AssignPlaceNode.Step] = []
    var base = target
    while true {
      switch base.kind {
      case .index(let inner, let indices):
        guard indices.count == 1 else {
          throw Fault(.severalIndicesAssigned(at: base.range))
        }
        steps.insert(.index(try expression(indices[0], scope)), at: 0)
        base = inner
      case .field(let inner, let field):
        steps.insert(.field(field), at: 0)
        base = inner
      case .name(let name):
        let (root, variable) = try place(Identifier(name, base.range), scope)
        if let variable, isSteady, steps.count == 1, case .index(let place) = steps[0],
          operation == nil, let call = new as? CallNode,
          let (list, callee, element) = call.appended(to: variable, at: place)
        {
          return AppendPlaceNode(
            variable, list, call, callee: callee, element: element, range)
        }
        if let variable, steps.count == 1, case .index(let place) = steps[0], operation == nil {
          return AssignElementNode(variable, place, new, range)
        }
        return AssignPlaceNode(root, variable, steps, operation, new, range)
      default:
        throw Fault(.severalIndicesAssigned(at: base.range))
      }
    }
  }

  /// The variable that a place begins with.
  private func place(
    _ name: Identifier, _ scope: FunctionScope
  ) throws(Fault) -> (AssignPlaceNode.Root, Variable?) {
    if let variable = scope.local(name.name) {
      try checkAssignment(of: name, scope)
      return (.local(slot: variable.slot), variable)
    }
    if let captured = scope.capture(name.name) { return (.capture(captured.number), nil) }
    let cell = try assignedCell(name, scope)
    if scope.outer != nil { machine.remark(Remark.assignsOutside(scope.functionName, name.name)) }
    return (.session(cell), nil)
  }

  /// Refuses to assign, in the body of `train`, a variable of this function that stands outside it.
  private func checkAssignment(of name: Identifier, _ scope: FunctionScope) throws(Fault) {
    guard !scope.standsOutsideTraining(name.name) else {
      throw Fault(.assignedInTraining(name.name, at: name.range))
    }
  }

  /// The cell of a session's name that may be assigned.
  private func assignedCell(_ name: Identifier, _ scope: FunctionScope) throws(Fault) -> Cell {
    guard let cell = machine.knownCell(name.name) else {
      throw Fault(
        .assignmentToUnknown(
          name.name, at: name.range, known: scope.visibleNames + machine.knownNames))
    }
    if machine.isPredefined(cell) { throw Fault(.assignmentToBuiltin(name.name, at: name.range)) }
    return cell
  }

  /// `reset net.norm.mean, net`
  func reset(
    _ targets: [Expression], _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    var compiled: [ResetNode.Target] = []
    for target in targets {
      if case .field(let base, let name) = target.kind {
        compiled.append(.member(try expression(base, scope), name))
      } else {
        compiled.append(.whole(try expression(target, scope)))
      }
    }
    return ResetNode(compiled, range)
  }

  /// A name that takes a new value; with `isSteady`, nothing in that assigns the name.
  private func assign(
    _ name: Identifier, _ value: CodeNode, isSteady: Bool, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    if let variable = scope.local(name.name) {
      try checkAssignment(of: name, scope)
      if isSteady, let sum = value as? BinaryNode, sum.adds(to: variable) {
        return AddLocalNode(variable, sum, range)
      }
      if isSteady, let call = value as? CallNode,
        let (callee, element) = call.appended(to: variable)
      {
        return AppendLocalNode(variable, call, callee: callee, element: element, range)
      }
      return AssignLocalNode(variable, value, range)
    }
    if let captured = scope.capture(name.name) {
      let usual = AssignCaptureNode(captured.number, isState: captured.isState, value, range)
      return captured.isState
        ? usual : growing(OuterPlace(capture: captured.number), value, usual: usual, range)
    }
    let cell = try assignedCell(name, scope)
    if scope.outer != nil { machine.remark(Remark.assignsOutside(scope.functionName, name.name)) }
    let usual = WriteSessionNode(cell, value, isBinding: false, range)
    return growing(OuterPlace(session: cell), value, usual: usual, range)
  }

  /// The node that lets what stands outside a function grow where it is, if that is what a value
  /// does; the usual one for all others.
  private func growing(
    _ place: OuterPlace, _ value: CodeNode, usual: CodeNode, _ range: SourceRange
  ) -> CodeNode {
    if let sum = value as? BinaryNode, sum.adds(to: place) {
      return AddOuterNode(place, sum, usual: usual, range)
    }
    if let call = value as? CallNode, let (callee, element) = call.appended(to: place) {
      return AppendOuterNode(
        place, call, callee: callee, element: element, usual: usual, range)
    }
    return usual
  }
}
