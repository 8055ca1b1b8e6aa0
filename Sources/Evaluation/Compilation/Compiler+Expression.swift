import Syntax

extension Compiler {
  /// An expression, ready to be evaluated in a frame of the scope's function. Throws where a block
  /// in it cannot be compiled, as a `break` outside loops.
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
      return try element(base, subscripts, scope, range)
    case .field(let base, let field):
      if let judge = machine.judge, judge === range.source, case .name("submission") = base.kind,
        scope.local("submission") == nil, scope.capture("submission") == nil
      {
        return SubmissionNode(field, range)
      }
      return FieldNode(try self.expression(base, scope), field, range)
    case .conditional(let conditional):
      return try self.conditional(conditional, scope, range, isTail: false)
    case .function(let literal):
      return FunctionNode(
        try function("fn", literal.parameters, literal.body, scope, range), range)
    case .gradient(let form): return try gradient(form, scope, range)
    case .compare(let form): return try compare(form, scope, range)
    case .certify(let form): return try certify(form, scope, range)
    case .pareto(let form): return try pareto(form, scope, range)
    case .train(let form): return try train(form, scope, range)
    case .predict(let form): return try predict(form, scope, range)
    case .trap(let name, let body):
      return TrapNode(name, body: try traced(body, wrt: [], strategy: nil, scope, range), range)
    case .mixed(let type, let body):
      return MixedNode(type, body: try block(body, scope), range)
    case .evaluate(let body): return EvaluateNode(try block(body, scope), range)
    case .sketch(let body): return SketchNode(try block(body, scope), range)
    case .checkpoint(let saved, let body):
      let saved = try saved.map { (list) throws(Fault) in try self.expression(list, scope) }
      return CheckpointNode(try block(body, scope), saving: saved, range)
    case .repetition(let count, let body):
      return RepetitionNode(
        try self.expression(count, scope), body: try block(body, scope), range)
    }
  }

  /// An `if` with its branches. With `isTail` its value is the function's.
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

  /// `x[0, 1..<3]`, `xs[i]`
  private func element(
    _ base: Expression, _ subscripts: [Expression], _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let whole = try expression(base, scope)
    guard subscripts.count == 1 else {
      return IndexNode(whole, try nodes(subscripts, scope), range)
    }
    let variable = base.rootName.flatMap { scope.local($0) }
    let before = variable?.assignments
    let place = try expression(subscripts[0], scope)
    guard variable?.assignments == before else { return ElementNode(whole, place, range) }
    switch whole {
    case let local as LocalNode: return LocalElementNode(local, place, range)
    case let first as LocalElementNode:
      return InnerElementNode(
        first.whole, [first.place, place], [first.range, range], of: first)
    case let inner as InnerElementNode:
      return InnerElementNode(
        inner.whole, inner.places + [place], inner.ranges + [range], of: inner)
    default: return ElementNode(whole, place, range)
    }
  }

  /// Expressions in order.
  func nodes(_ expressions: [Expression], _ scope: FunctionScope) throws(Fault) -> [CodeNode] {
    var nodes: [CodeNode] = []
    for expression in expressions { nodes.append(try self.expression(expression, scope)) }
    return nodes
  }

  /// An expression that may be left out; `nil` where it is.
  func optional(_ expression: Expression?, _ scope: FunctionScope) throws(Fault) -> CodeNode? {
    guard let expression else { return nil }
    return try self.expression(expression, scope)
  }

  /// The arguments of a call, in the order of the call.
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
      return BinaryNode.of(operation, first, try expression(right, scope), range)
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
    if let plain { return ConstantNode(.string(.constant(plain)), range) }
    return InterpolationNode(compiled, range)
  }
}
