import Syntax

/// Turns trees into nodes: names are resolved once, here, to slots, cells and captured variables.
struct Compiler {
  /// Whose names a statement refers to, and who says the compiler's remarks.
  let machine: Interpreter

  /// A top-level statement, ready to run in a frame of `code`'s size.
  func compile(_ statement: Statement) throws(Fault) -> FunctionCode {
    let code = FunctionCode(name: "", range: statement.range)
    let scope = FunctionScope(outer: nil, code: code)
    code.body = try self.statement(statement, scope)
    return code
  }

  // MARK: Statements

  /// One statement, in the blocks that `scope` has open. Throws where a word has no meaning there,
  /// or a name cannot be assigned.
  func statement(_ statement: Statement, _ scope: FunctionScope) throws(Fault) -> CodeNode {
    let range = statement.range
    switch statement.kind {
    case .expression(let expression):
      return try self.expression(expression, scope)
    case .binding(let names, let value):
      return try bind(names, expression(value, scope), scope, range)
    case .assignment(let target, let operation, let value):
      return try assign(target, operation, value, scope, range)
    case .function(let declaration):
      return try declare(declaration.name, scope, range) { (inner) throws(Fault) in
        FunctionNode(
          try function(
            declaration.name.name, declaration.parameters, declaration.body, inner, range), range)
      }
    case .layer(let declaration):
      return try declare(declaration.name, scope, range) { (inner) throws(Fault) in
        LayerNode(try layer(declaration, inner), range)
      }
    case .strategy(let declaration):
      return try declare(declaration.name, scope, range) { (inner) throws(Fault) in
        StrategyNode(declaration, try strategy(declaration, inner, range), range)
      }
    case .loop(let names, let items, let body):
      return try loop(names, items, body, scope, range)
    case .whileLoop(let condition, let body):
      return try whileLoop(condition, body, scope, range)
    case .returning(let value):
      guard scope.outer != nil else { throw Fault(.outside("return", of: .function, at: range)) }
      return ReturnNode(try optional(value, scope), range)
    case .breaking: return try loopExit(.breaking, "break", scope, range)
    case .continuing: return try loopExit(.continuing, "continue", scope, range)
    case .reset(let targets):
      return try reset(targets, scope, range)
    case .update(let targets, let gradients, let optimizer):
      return UpdateNode(
        targets: try nodes(targets, scope), gradients: try expression(gradients, scope),
        optimizer: try expression(optimizer, scope), range)
    case .budget(let size, let body):
      let node = try body.map { (b) throws(Fault) in try block(b, scope) }
      return BudgetNode(try expression(size, scope), body: node, range)
    case .seed(let value):
      return SeedNode(try expression(value, scope), range)
    case .importing(let path):
      guard scope.isSessionLevel else {
        throw Fault(.outside("import", of: .topLevel, at: range))
      }
      return ImportNode(try expression(path, scope), range)
    case .test(let name, let options, let body):
      return TestNode(
        name: try expression(name, scope), options: try arguments(options, scope),
        body: try block(body, scope), range)
    case .expect(let expression):
      return try expect(expression, scope, range)
    case .command(let command):
      return try self.command(command, scope, range)
    }
  }

  /// A block. With `isTail` its value is the function's, so that a `return` at its end is just its
  /// value.
  func block(_ block: Block, _ scope: FunctionScope, isTail: Bool = false) throws(Fault) -> CodeNode
  {
    scope.enterBlock()
    defer { scope.leaveBlock() }
    return try statements(block, scope, isTail: isTail)
  }

  private func statements(
    _ block: Block, _ scope: FunctionScope, isTail: Bool
  ) throws(Fault) -> CodeNode {
    var nodes: [CodeNode] = []
    for (place, statement) in block.statements.enumerated() {
      let isLast = place == block.statements.count - 1
      nodes.append(
        isTail && isLast
          ? try lastStatement(statement, scope) : try self.statement(statement, scope))
    }
    if nodes.count == 1 { return nodes[0] }
    return BlockNode(nodes, block.range)
  }

  /// The statement that gives a function its value.
  private func lastStatement(
    _ statement: Statement, _ scope: FunctionScope
  ) throws(Fault) -> CodeNode {
    switch statement.kind {
    case .returning(let value?): return try expression(value, scope)
    case .expression(let expression):
      guard case .conditional(let conditional) = expression.kind else { break }
      return try self.conditional(conditional, scope, expression.range, isTail: true)
    default: break
    }
    return try self.statement(statement, scope)
  }

  private func bind(
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
  private func declare(
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
  private func assign(
    _ target: Expression, _ operation: BinaryOperator?, _ value: Expression,
    _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let new = try expression(value, scope)
    if case .name(let text) = target.kind {
      let name = Identifier(text, target.range)
      guard let operation else { return try assign(name, new, scope, range) }
      let old = try expression(target, scope)
      return try assign(name, BinaryNode(operation, old, new, range), scope, range)
    }
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
  private func reset(
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

  private func assign(
    _ name: Identifier, _ value: CodeNode, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    if let variable = scope.local(name.name) {
      try checkAssignment(of: name, scope)
      return AssignLocalNode(variable, value, range)
    }
    if let captured = scope.capture(name.name) {
      return AssignCaptureNode(captured.number, isState: captured.isState, value, range)
    }
    let cell = try assignedCell(name, scope)
    if scope.outer != nil { machine.remark(Remark.assignsOutside(scope.functionName, name.name)) }
    return WriteSessionNode(cell, value, isBinding: false, range)
  }

  private func loop(
    _ names: [Identifier], _ items: Expression, _ body: Block, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let items = try expression(items, scope)
    scope.enterBlock()
    scope.loopDepth += 1
    defer {
      scope.loopDepth -= 1
      scope.leaveBlock()
    }
    let binders = names.map {
      BindLocalNode(declare($0, scope), ConstantNode(.none, $0.range), $0.range)
    }
    return LoopNode(binders, items: items, body: try block(body, scope), range)
  }

  private func whileLoop(
    _ condition: Expression, _ body: Block, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let test = try expression(condition, scope)
    scope.loopDepth += 1
    defer { scope.loopDepth -= 1 }
    return WhileNode(test, body: try block(body, scope), range)
  }

  /// `break` or `continue`, which is `word`. Refused where no loop of this function is around.
  private func loopExit(
    _ exit: Fault, _ word: String, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    guard scope.loopDepth > 0 else { throw Fault(.outside(word, of: .loop, at: range)) }
    return LoopExitNode(exit, range)
  }

  // MARK: Functions

  /// A function's code: parameters, defaults and body, compiled in a scope inside `outer`. The body
  /// of a strategy has what it works on, `chain` or `graph`, as its first parameter.
  func function(
    _ name: String, _ parameters: [Parameter], _ body: Block, _ outer: FunctionScope,
    _ range: SourceRange, ofStrategyOn subject: StrategyDeclaration.Subject? = nil
  ) throws(Fault) -> FunctionCode {
    let code = FunctionCode(name: name, range: range)
    let scope = FunctionScope(outer: outer, code: code)
    if let subject {
      scope.strategySubject = subject
      let name = subject.rawValue
      code.parameters.append(
        FunctionCode.ParameterCode(name: name, variable: scope.declare(name), defaultValue: nil))
    }
    try declare(parameters, of: code, scope)
    code.body = try block(body, scope, isTail: true)
    return code
  }

  private func declare(
    _ parameters: [Parameter], of code: FunctionCode, _ scope: FunctionScope
  ) throws(Fault) {
    var seen: Set<String> = []
    for parameter in parameters {
      guard seen.insert(parameter.name.name).inserted else {
        throw Fault(.repeatedParameter(parameter.name.name, at: parameter.name.range))
      }
      let value = try parameter.defaultValue.map { (d) throws(Fault) in try expression(d, scope) }
      code.parameters.append(
        FunctionCode.ParameterCode(
          name: parameter.name.name, variable: declare(parameter.name, scope),
          defaultValue: value))
    }
  }

  private func layer(
    _ declaration: LayerDeclaration, _ outer: FunctionScope
  ) throws(Fault) -> LayerCode {
    let name = declaration.name.name
    let maker = FunctionCode(name: name, range: declaration.range)
    let scope = FunctionScope(outer: outer, code: maker)
    try declare(declaration.parameters, of: maker, scope)
    var members: [(kind: Layer.Member, name: Identifier, variable: Variable, value: CodeNode)] = []
    for member in declaration.members {
      let value = try expression(member.value, scope)
      let variable = declare(member.name, scope)
      variable.isState = member.kind == .state
      let kind: Layer.Member =
        switch member.kind {
        case .parameter: .parameter
        case .state: .state
        case .binding: .plain
        }
      members.append((kind, member.name, variable, value))
    }
    let forward = try function(
      name, declaration.forwardParameters, declaration.forward, scope, declaration.forward.range)
    let code = LayerCode(name: name, declaration: declaration, maker: maker, forward: forward)
    code.members = members
    return code
  }

  /// A learner's strategy: the body sees `chain` (or `graph`) as its first, implicit argument.
  private func strategy(
    _ declaration: StrategyDeclaration, _ outer: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> FunctionCode {
    try function(
      declaration.name.name, declaration.parameters, declaration.body, outer, range,
      ofStrategyOn: declaration.subject)
  }

  // MARK: Commands

  private func expect(
    _ condition: Expression, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let expectation: ExpectNode.Expectation
    switch condition.kind {
    case .binary(
      let operation, let left, let right, _) where operation.isComparison:
      expectation = .comparison(
        operation, try expression(left, scope), try expression(right, scope))
    case .approximately(let left, let right, let tolerance):
      expectation = .approximation(
        try expression(left, scope), try expression(right, scope),
        tolerance: try optional(tolerance, scope))
    default:
      expectation = .condition(try expression(condition, scope))
    }
    return ExpectNode(expectation, source: condition.range, range)
  }

  private func command(
    _ command: Command, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    var nodes: [CodeNode] = []
    for argument in command.arguments {
      switch command.verb {
      case .help, .source, .account:
        nodes.append(
          ConstantNode(.string(Text(argument.word ?? argument.range.text)), argument.range))
      default:
        nodes.append(try expression(argument, scope))
      }
    }
    return CommandNode(command, nodes, range)
  }
}

extension Expression {
  /// The bare name, or the text of a plain string.
  var word: String? {
    switch kind {
    case .name(let name): name
    case .string(let parts):
      parts.count == 1
        ? { if case .text(let text) = parts[0] { text } else { nil } }() : parts.isEmpty ? "" : nil
    default: nil
    }
  }
}

extension BinaryOperator {
  /// True for `+`, `-`, `*`, `/`: what has a meaning for gradients.
  var isArithmetic: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide: true
    case .pipe, .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
      .membership, .floorDivide, .remainder, .matrixMultiply, .power:
      false
    }
  }

  /// True for `==`, `<` and their kin.
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .membership: true
    case .pipe, .or, .and, .add, .subtract, .multiply, .divide, .floorDivide, .remainder,
      .matrixMultiply, .power:
      false
    }
  }
}
