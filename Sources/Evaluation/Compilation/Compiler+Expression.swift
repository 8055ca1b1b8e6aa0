import Syntax

extension Compiler {
  func expression(_ expression: Expression, _ scope: FunctionScope) throws(Fault) -> CodeNode {
    let range = expression.range
    switch expression.kind {
    case .integer(let value): return ConstantNode(.integer(value), range)
    case .float(let value): return ConstantNode(.float(value), range)
    case .boolean(let value): return ConstantNode(.boolean(value), range)
    case .none: return ConstantNode(.none, range)
    case .bytes(let count): return ConstantNode(.bytes(count), range)
    case .string(let parts): return try string(parts, scope, range)
    case .name(let name): return self.name(name, scope, range)
    case .list(let elements):
      return ListNode(try nodes(elements, scope), range)
    case .dictionary(let entries):
      return DictionaryNode(
        try nodes(entries.map(\.key), scope), try nodes(entries.map(\.value), scope), range)
    case .unary(let operation, let operand):
      return UnaryNode(operation, try self.expression(operand, scope), range)
    case .binary(let operation, let left, let right, _):
      return try binary(operation, left, right, scope, range)
    case .approximately(let left, let right, let tolerance):
      return ApproximateNode(
        try self.expression(left, scope), try self.expression(right, scope),
        tolerance: try optional(tolerance, scope), range)
    case .range(let lower, let upper, let closed):
      return RangeNode(
        try self.expression(lower, scope), try self.expression(upper, scope), isClosed: closed,
        range)
    case .call(let callee, let arguments):
      return CallNode(
        try self.callee(callee, scope), try self.arguments(arguments, scope), piped: nil, range)
    case .index(let base, let subscripts):
      return IndexNode(try self.expression(base, scope), try nodes(subscripts, scope), range)
    case .field(let base, let field):
      return FieldNode(try self.expression(base, scope), field, range)
    case .conditional(let conditional):
      return try self.conditional(conditional, scope, range, isTail: false)
    case .function(let literal):
      return FunctionNode(
        try function("fn", literal.parameters, literal.body, scope, range), range)
    case .gradient(let form):
      let block = try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range)
      switch form.verb {
      case .gradient: return GradientNode(block, range)
      case .plan: return PlanNode(block, range)
      }
    case .compare(let form):
      return CompareNode(
        try traced(form.body, wrt: form.wrt, strategy: nil, scope, range),
        strategies: try self.expression(form.strategies, scope), range)
    case .certify(let form):
      return CertifyNode(
        try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range), range)
    case .pareto(let form):
      return ParetoNode(
        try traced(form.body, wrt: form.wrt, strategy: nil, scope, range),
        strategies: try optional(form.strategies, scope), range)
    case .train(let form): return try train(form, scope, range)
    case .predict(let form): return try predict(form, scope, range)
    case .trap(let name, let body):
      return TrapNode(name, body: try traced(body, wrt: [], strategy: nil, scope, range), range)
    case .evaluate(let body): return EvaluateNode(try block(body, scope), range)
    case .sketch(let body): return SketchNode(try block(body, scope), range)
    case .checkpoint(let body):
      return CheckpointNode(try block(body, scope), range)
    case .repetition(let count, let body):
      return RepetitionNode(
        try self.expression(count, scope), body: try block(body, scope), range)
    }
  }

  func conditional(
    _ conditional: Conditional, _ scope: FunctionScope, _ range: SourceRange, isTail: Bool
  ) throws(Fault) -> CodeNode {
    ConditionalNode(
      try expression(conditional.condition, scope),
      then: try block(conditional.then, scope, isTail: isTail),
      otherwise: try conditional.otherwise.map { (b) throws(Fault) in
        try block(b, scope, isTail: isTail)
      }, range)
  }

  func nodes(_ expressions: [Expression], _ scope: FunctionScope) throws(Fault) -> [CodeNode] {
    var nodes: [CodeNode] = []
    for expression in expressions { nodes.append(try self.expression(expression, scope)) }
    return nodes
  }

  func optional(_ expression: Expression?, _ scope: FunctionScope) throws(Fault) -> CodeNode? {
    guard let expression else { return nil }
    return try self.expression(expression, scope)
  }

  func arguments(
    _ arguments: [Argument], _ scope: FunctionScope
  ) throws(Fault) -> [CallNode.ArgumentNode] {
    var nodes: [CallNode.ArgumentNode] = []
    for argument in arguments {
      var word: String?
      // A bare word that no variable of the function hides may name an option's value.
      if case .name(let name) = argument.value.kind, scope.local(name) == nil {
        word = name
      }
      nodes.append(
        CallNode.ArgumentNode(
          label: argument.label, node: try expression(argument.value, scope), word: word))
    }
    return nodes
  }

  /// What is called. In the body of a strategy a verb is the verb, whatever else has its name.
  private func callee(_ callee: Expression, _ scope: FunctionScope) throws(Fault) -> CodeNode {
    if let subject = scope.strategySubject, case .name(let name) = callee.kind,
      let verb = Interpreter.verbs(on: subject)[name]
    {
      return ConstantNode(.function(Function(kind: .builtin(verb), name: name)), callee.range)
    }
    return try expression(callee, scope)
  }

  /// A name: a variable of this function, one captured from around, or one of the session.
  ///
  /// A session's name need not be defined yet: functions may refer to what comes later.
  private func name(_ name: String, _ scope: FunctionScope, _ range: SourceRange) -> CodeNode {
    if let variable = scope.local(name) { return LocalNode(variable, range) }
    if let captured = scope.capture(name) { return CaptureNode(captured.number, range) }
    if name == Keywords.isTraining, machine.session[name]?.isDefined != true {
      return TrainingNode(range)
    }
    return SessionNode(machine.readingCell(name), range)
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let first = try expression(left, scope)
    switch operation {
    case .and, .or:
      return LogicNode(isAnd: operation == .and, first, try expression(right, scope), range)
    case .pipe:
      if case .call(let callee, let arguments) = right.kind {
        return CallNode(
          try expression(callee, scope), try self.arguments(arguments, scope), piped: first, range)
      }
      return CallNode(try expression(right, scope), [], piped: first, range)
    default:
      return BinaryNode(operation, first, try expression(right, scope), range)
    }
  }

  private func string(
    _ parts: [StringPart], _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    var compiled: [InterpolationNode.Part] = []
    var plain: String? = ""
    for part in parts {
      switch part {
      case .text(let text):
        compiled.append(.text(text))
        plain? += text
      case .interpolation(let expression):
        compiled.append(.value(try self.expression(expression, scope)))
        plain = nil
      }
    }
    if let plain { return ConstantNode(.string(Text(plain)), range) }
    return InterpolationNode(compiled, range)
  }

  // MARK: Blocks that are traced

  /// A block that a gradient is taken of, with what it is taken with respect to and the strategy.
  func traced(
    _ body: Block, wrt: [Expression], strategy: Expression?, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> BlockCode {
    BlockCode(
      body: try block(body, scope), wrt: try nodes(wrt, scope),
      strategy: try optional(strategy, scope), range: range)
  }

  func train(
    _ form: TrainForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let targets = try nodes(form.targets, scope)
    let batches = try expression(form.batches, scope)
    let optimizer = try expression(form.optimizer, scope)
    let strategy = try optional(form.strategy, scope)
    if let workers = form.workers {
      throw Fault(.notAvailableYet(.workers, at: workers.range))
    }
    // The names of a batch are bound anew in every step: they belong to the block.
    let outside = scope.blocksOutsideTraining
    scope.blocksOutsideTraining = scope.openBlocks
    defer { scope.blocksOutsideTraining = outside }
    scope.enterBlock()
    defer { scope.leaveBlock() }
    let binders = form.names.map {
      BindLocalNode(declare($0, scope), ConstantNode(.none, $0.range), $0.range)
    }
    let block = BlockCode(
      body: try block(form.body, scope), wrt: targets, strategy: strategy, range: form.body.range)
    return TrainNode(block, binders: binders, batches: batches, optimizer: optimizer, range)
  }

  func predict(
    _ form: PredictForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    PredictNode(
      form.quantity, guess: try expression(form.guess, scope),
      try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range), range)
  }
}
