package import Syntax

/// Turns trees into nodes: names are resolved once, here, to slots, cells and captured variables.
struct Compiler {
  /// Whose names a statement refers to, and who says the compiler's remarks.
  let machine: Interpreter

  /// A top-level statement, ready to run in a frame of `code`'s size.
  func compile(_ statement: Statement) throws(Fault) -> FunctionCode {
    let code = FunctionCode(name: "", range: statement.range)
    let scope = FunctionScope(outer: nil, code: code)
    code.finish(with: try self.statement(statement, scope))
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
      return try test(name, options, body, scope, range)
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
    try statements(block.statements[...], scope, isTail: isTail, block.range)
  }

  /// Statements in a row. In a tail, an `if` that returns has what comes behind it as its `else`.
  private func statements(
    _ statements: ArraySlice<Statement>, _ scope: FunctionScope, isTail: Bool,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    var nodes: [CodeNode] = []
    for (place, statement) in zip(statements.indices, statements) {
      let isLast = place == statements.endIndex - 1
      if !isLast { remarkIfDropped(statement, scope) }
      if isTail, !isLast, let guardian = statement.returningConditional {
        nodes.append(
          ConditionalNode(
            try expression(guardian.condition, scope),
            then: try block(guardian.then, scope, isTail: true),
            otherwise: try self.statements(
              statements[(place + 1)...], scope, isTail: true, range),
            statement.range))
        break
      }
      nodes.append(
        isTail && isLast
          ? try lastStatement(statement, scope) : try self.statement(statement, scope))
    }
    return nodes.count == 1 ? nodes[0] : BlockNode(nodes, range)
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

  // MARK: Commands

  /// A test. What `curve` asks for is seen from the end of the test's body.
  private func test(
    _ name: Expression, _ options: [Argument], _ body: Block, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    if machine.judge === range.source, !scope.isSessionLevel {
      throw Fault(.outside("test", of: .topLevel, at: range))
    }
    let title = try expression(name, scope)
    let plain = try arguments(options.filter { $0.curve == nil }, scope)
    scope.enterBlock()
    defer { scope.leaveBlock() }
    let code = try statements(body, scope, isTail: false)
    let form = options.compactMap { option in option.curve.map { (option, $0) } }.first
    let curve = try form.map { (option, parts) throws(Fault) in
      try TestNode.Curve(try arguments(parts, scope), option.value.range)
    }
    return TestNode(name: title, options: plain, curve: curve, body: code, range)
  }

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
      case .help, .source, .account, .fuse:
        nodes.append(
          ConstantNode(.string(.of(argument.word ?? argument.range.text)), argument.range))
      default:
        nodes.append(try expression(argument, scope))
      }
    }
    return CommandNode(command, nodes, range)
  }
}

extension Statement {
  /// The `if` that it is, without `else`, whose last statement returns; `nil` for all others.
  fileprivate var returningConditional: Conditional? {
    guard case .expression(let expression) = kind,
      case .conditional(let conditional) = expression.kind, conditional.otherwise == nil,
      case .returning? = conditional.then.statements.last?.kind
    else { return nil }
    return conditional
  }
}

extension Argument {
  /// What stands between the parentheses of `points: curve(peak, full: 1 MiB, none: 4 MiB)`; `nil`
  /// for all else.
  package var curve: [Argument]? {
    guard label?.name == "points", case .call(let callee, let parts) = value.kind,
      case .name("curve") = callee.kind
    else { return nil }
    return parts
  }
}

extension Expression {
  /// The name that subscripts begin with: `xs` of `xs`, `xs[i]`, `xs[i][j]`; `nil` for all else.
  var rootName: String? {
    switch kind {
    case .name(let name): name
    case .index(let base, _): base.rootName
    default: nil
    }
  }

  /// The bare name between the brackets of `xs[i]`; `nil` for all else.
  var subscriptName: String? {
    guard case .index(_, let subscripts) = kind, subscripts.count == 1,
      case .name(let name) = subscripts[0].kind
    else { return nil }
    return name
  }

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
