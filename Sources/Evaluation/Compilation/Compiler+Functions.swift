import Syntax

/// Functions, layers and strategies, each with a scope of its own.
extension Compiler {
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
      code.addParameter(
        FunctionCode.ParameterCode(name: name, variable: scope.declare(name), defaultValue: nil))
    }
    try declare(parameters, of: code, scope)
    code.finish(with: try block(body, scope, isTail: true))
    return code
  }

  func declare(
    _ parameters: [Parameter], of code: FunctionCode, _ scope: FunctionScope
  ) throws(Fault) {
    var seen: Set<String> = []
    for parameter in parameters {
      guard seen.insert(parameter.name.name).inserted else {
        throw Fault(.repeatedParameter(parameter.name.name, at: parameter.name.range))
      }
      let value = try parameter.defaultValue.map { (d) throws(Fault) in try expression(d, scope) }
      code.addParameter(
        FunctionCode.ParameterCode(
          name: parameter.name.name, variable: declare(parameter.name, scope),
          defaultValue: value))
    }
  }

  /// A layer's declaration: its maker, its members and its forward function.
  func layer(
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
    maker.finish(with: maker.body)
    let code = LayerCode(name: name, declaration: declaration, maker: maker, forward: forward)
    code.members = members
    return code
  }

  /// A learner's strategy: the body sees `chain` (or `graph`) as its first, implicit argument.
  func strategy(
    _ declaration: StrategyDeclaration, _ outer: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> FunctionCode {
    try function(
      declaration.name.name, declaration.parameters, declaration.body, outer, range,
      ofStrategyOn: declaration.subject)
  }
}
