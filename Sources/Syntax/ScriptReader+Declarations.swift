/// Functions, layers and strategies.
extension ScriptReader {
  /// function = "fn" NAME parameters block ;
  mutating func function() throws(Diagnostic) -> Statement.Kind {
    advance()
    let name = try name("a name for the function")
    let parameters = try parameters()
    return .function(
      FunctionDeclaration(name: name, parameters: parameters, body: try block()))
  }

  /// parameters = "(" [ parameter { "," parameter } [ "," ] ] ")" ;
  mutating func parameters() throws(Diagnostic) -> [Parameter] {
    var parameters: [Parameter] = []
    try brackets(.leftParenthesis) { reader throws(Diagnostic) in
      let name = try reader.name("a parameter")
      let value = reader.take(.assign) ? try reader.nested() : nil
      parameters.append(Parameter(name: name, defaultValue: value))
    }
    return parameters
  }

  /// strategy = "strategy" NAME [ parameters ] "on" ( "chain" | "graph" ) block ;
  mutating func strategy() throws(Diagnostic) -> Statement.Kind {
    advance()
    let name = try name("a name for the strategy")
    let parameters = isAt(.leftParenthesis) ? try parameters() : []
    try expectWord("on", hint: "write 'on chain' or 'on graph'")
    guard case .word(let word) = current.kind,
      let subject = StrategyDeclaration.Subject(rawValue: word)
    else { throw unexpected("'chain' or 'graph'") }
    advance()
    let outer = isInStrategy
    isInStrategy = true
    defer { isInStrategy = outer }
    return .strategy(
      StrategyDeclaration(
        name: name, parameters: parameters, subject: subject, body: try block()))
  }

  /// layer = "layer" NAME parameters "{" { members } forward "}" ;
  mutating func layer() throws(Diagnostic) -> Statement.Kind {
    let lower = current.lower
    advance()
    let name = try name("a name for the layer")
    let parameters = try parameters()
    var body = LayerBody()
    let (opening, dangling) = try braces { reader, leading in
      reader.layerMember(into: &body, leading: leading)
    }
    height = body.height
    guard let forward = body.forward else {
      if let fault = body.fault { throw fault }
      throw .missingForward(name.name, at: SourceRange(source, lastUpper - 1, lastUpper))
    }
    return .layer(
      LayerDeclaration(
        name: name, parameters: parameters, members: body.members,
        forwardParameters: body.forwardParameters, forward: forward,
        forwardLeading: body.forwardLeading, dangling: dangling, range: range(from: lower),
        opening: opening, forwardTrailing: body.forwardTrailing))
  }

  /// What stands between the braces of a layer, while it is read.
  private struct LayerBody {
    var members: [LayerDeclaration.Member] = []
    var forwardParameters: [Parameter] = []
    var forward: Block?
    var forwardLeading: [String] = []
    var forwardTrailing: String?
    /// What was wrong first with a member.
    var fault: Diagnostic?
    /// Of the tallest tree in it.
    var height = 0
  }

  /// member = ( "param" | "state" | "let" ) NAME "=" expression ;
  /// forward = "forward" parameters block ;
  private mutating func layerMember(into body: inout LayerBody, leading: [String]) {
    let start = index
    let (depth, blockDepth, outerComments) = (depth, blockDepth, strayComments)
    strayComments = []
    defer { strayComments = outerComments }
    do throws(Diagnostic) {
      if body.forward != nil {
        throw unexpected("'}'", hint: "forward is the last part of a layer")
      }
      if isAtWord("forward") {
        advance()
        body.forwardParameters = try parameters()
        let forward = try block()
        body.forwardLeading = leading + strayComments.map(\.text)
        body.height = max(body.height, height)
        body.forwardTrailing = try memberEnd()
        body.forward = forward
        return
      }
      guard let kind = memberKind else {
        throw unexpected("'param', 'state', 'let' or 'forward'")
      }
      advance()
      let name = try name()
      try expectAssign()
      let value = try expression()
      body.height = max(body.height, height)
      let trailing = try memberEnd()
      body.members.append(
        LayerDeclaration.Member(
          kind: kind, name: name, value: value, leading: leading + strayComments.map(\.text),
          trailing: trailing))
    } catch {
      record(error)
      body.fault = body.fault ?? error
      (self.depth, self.blockDepth) = (depth, blockDepth)
      recover(from: start)
    }
  }

  private var memberKind: LayerDeclaration.MemberKind? {
    switch current.kind {
    case .keyword(.let): .binding
    case .word("param"): .parameter
    case .word("state"): .state
    default: nil
    }
  }

  /// Takes the `;` and the comment behind a member.
  private mutating func memberEnd() throws(Diagnostic) -> String? {
    let isSeparated = take(.semicolon)
    let trailing = takeComment()
    if !isSeparated, !isTerminator(0) { throw unexpected("the end of the line") }
    return trailing
  }
}
