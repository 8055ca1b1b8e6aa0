/// Statements.
extension ScriptReader {
  /// statement = binding | assignment | function | layer | … | expression ;
  mutating func statementKind() throws(Diagnostic) -> Statement.Kind {
    height = 0
    if let kind = try wordStatement() { return kind }
    let value = try expression()
    return try assignment(to: value) ?? .expression(value)
  }

  /// assignment = target ( "=" | "+=" | … ) expression ;  target = NAME { indices | field } ;
  ///
  /// `nil` where no assignment follows the expression.
  private mutating func assignment(to target: Expression) throws(Diagnostic) -> Statement.Kind? {
    guard case .symbol(let symbol) = current.kind else { return nil }
    let operation = symbol.assignedOperator
    guard symbol == .assign || operation != nil else { return nil }
    guard target.isAssignable else { throw .badTarget(at: range(current)) }
    let targetHeight = height
    advance()
    skipTrivia()
    let value = try expression()
    height = max(height, targetHeight)
    return .assignment(target: target, operation: operation, value: value)
  }

  /// A statement that begins with a word of its own, or an assignment; `nil` for an expression.
  private mutating func wordStatement() throws(Diagnostic) -> Statement.Kind? {
    switch current.kind {
    case .keyword(let keyword):
      switch keyword {
      case .let: return try binding()
      case .fn:
        if case .symbol = token(1).kind { break }
        return try function()
      case .layer: return try layer()
      case .for: return try loop()
      case .while:
        advance()
        let condition = try header()
        return .whileLoop(condition: condition, body: try block())
      case .return:
        advance()
        return .returning(isTerminator(0) ? nil : try expression())
      case .break:
        advance()
        return .breaking
      case .continue:
        advance()
        return .continuing
      case .else:
        throw unexpected(
          "a statement", hint: "'else' stands on the line of the '}' before it")
      default: break
      }
    case .word(let word):
      if isAt(.assign, 1) { break }
      if let kind = try softStatement(word) { return kind }
    default: break
    }
    guard !isTerminator(0) else { throw unexpected("a statement") }
    return nil
  }

  /// A statement that begins with a word that is not reserved; `nil` where the word is a name.
  private mutating func softStatement(_ word: String) throws(Diagnostic) -> Statement.Kind? {
    guard Keywords.statementWords.contains(word) else { return nil }
    if let verb = Command.Verb(rawValue: word) { return try command(verb) }
    switch word {
    case "test":
      guard case .string = token(1).kind else { return nil }
      return try test()
    case "strategy":
      guard case .word = token(1).kind else { return nil }
      return try strategy()
    default: break
    }
    guard isArgument(1) else { return nil }
    switch word {
    case "seed":
      advance()
      return .seed(try expression())
    case "expect":
      advance()
      return .expect(try expression())
    case "import":
      advance()
      return .importing(try expression())
    case "budget":
      advance()
      let size = try header()
      return .budget(size, body: isAt(.leftBrace) ? try block() : nil)
    case "update": return try update()
    case "reset":
      advance()
      return .reset(try targets())
    default: return nil
    }
  }

  /// True where the token ahead can only begin an argument of the word before it: two names in a
  /// row, a literal, or a bracket or minus set off by a space.
  func isArgument(_ ahead: Int) -> Bool {
    let argument = token(ahead)
    let isSetOff = ahead > 1 || token(ahead - 1).upper < argument.lower
    switch argument.kind {
    case .word, .integer, .float, .bytes, .string, .invalid: return true
    case .keyword(let keyword):
      switch keyword {
      case .true, .false, .none, .not, .fn, .if, .gradient, .checkpoint: return true
      default: return false
      }
    case .symbol(.leftParenthesis), .symbol(.leftBracket): return isSetOff
    case .symbol(.minus): return isSetOff && argument.upper == token(ahead + 1).lower
    default: return false
    }
  }

  /// binding = "let" names "=" expression ;
  private mutating func binding() throws(Diagnostic) -> Statement.Kind {
    advance()
    let names = try names()
    try expectAssign()
    return .binding(names, try expression())
  }

  /// loop = "for" names "in" expression block ;
  private mutating func loop() throws(Diagnostic) -> Statement.Kind {
    advance()
    let names = try names()
    try expect(.in)
    let items = try header()
    return .loop(names: names, items: items, body: try block())
  }

  /// names = NAME { "," NAME } ;
  mutating func names() throws(Diagnostic) -> [Identifier] {
    var names = [try name()]
    while takeComma() { names.append(try name()) }
    return names
  }

  /// update = "update" targets "along" expression "using" expression ;
  private mutating func update() throws(Diagnostic) -> Statement.Kind {
    advance()
    let targets = try targets()
    try expectWord("along", hint: "write 'update net along g using opt'")
    let gradients = try expression()
    try expectWord("using", hint: "write 'update net along g using opt'")
    return .update(targets: targets, gradients: gradients, optimizer: try expression())
  }

  /// test = "test" STRING [ arguments ] block ;
  private mutating func test() throws(Diagnostic) -> Statement.Kind {
    advance()
    let name = try primary()
    var options: [Argument] = []
    if isAt(.leftParenthesis) { options = try arguments() }
    return .test(name: name, options: options, body: try block())
  }

  /// command = "memory" | "tensors" | "help" [ topic ] | ( "account" | "fuse" ) [ WORD ] | … ;
  private mutating func command(_ verb: Command.Verb) throws(Diagnostic) -> Statement.Kind? {
    let verbRange = range(current)
    var arguments: [Expression] = []
    switch verb {
    case .memory, .tensors:
      guard isTerminator(1) else { return nil }
      advance()
    case .help:
      guard isTerminator(1) || isTopic(1) else { return nil }
      advance()
      if !isTerminator(0) { arguments = [try topic()] }
    case .account, .fuse:
      switch token(1).kind {
      case .word: break
      default: guard isTerminator(1) else { return nil }
      }
      advance()
      if !isTerminator(0) {
        let word = try name()
        arguments = [Expression(.name(word.name), word.range)]
      }
    case .plot, .timeline, .explain, .why, .step, .source:
      guard isArgument(1) else { return nil }
      advance()
      repeat { arguments.append(try expression()) } while takeComma()
    }
    return .command(Command(verb: verb, verbRange: verbRange, arguments: arguments))
  }

  /// True where a word, a string or a lone operator stands: what `help` explains.
  private func isTopic(_ ahead: Int) -> Bool {
    switch token(ahead).kind {
    case .word, .keyword, .string: true
    case .symbol(let symbol): symbol.isOperator && isTerminator(ahead + 1)
    default: false
    }
  }

  /// topic = WORD | STRING | OPERATOR ;
  private mutating func topic() throws(Diagnostic) -> Expression {
    let token = current
    switch token.kind {
    case .symbol(let symbol):
      advance()
      return Expression(.string([.text(symbol.rawValue)]), range(token))
    case .string: return try primary()
    default:
      let word = try anyWord("a topic")
      return Expression(.name(word.name), word.range)
    }
  }
}

extension Expression {
  /// True for what can stand before `=`: a name, an element or a field of one.
  fileprivate var isAssignable: Bool {
    switch kind {
    case .name: true
    case .index(let base, _), .field(let base, _): base.isAssignable
    default: false
    }
  }
}
