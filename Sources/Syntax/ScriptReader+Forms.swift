/// Expressions with blocks.
extension ScriptReader {
  /// conditional = "if" expression block [ "else" ( conditional | block ) ] ;
  mutating func conditional() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let condition = try header()
    var tallest = height
    let then = try block()
    tallest = max(tallest, height)
    var otherwise: Block?
    if take(.else) {
      if isAt(.if) {
        try descend()
        let next = try conditional()
        depth -= 1
        otherwise = Block(
          statements: [Statement(.expression(next), next.range)], range: next.range)
      } else {
        otherwise = try block()
      }
      tallest = max(tallest, height)
    }
    return try node(
      .conditional(Conditional(condition: condition, then: then, otherwise: otherwise)),
      from: lower, over: tallest)
  }

  /// gradient = ( "gradient" | "plan" ) [ wrt ] [ with ] block ;
  mutating func gradient(_ verb: GradientForm.Verb) throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let wrt = try wrt()
    var tallest = height
    let strategy = take(.with) ? try header() : nil
    tallest = max(tallest, height)
    let body = try block()
    return try node(
      .gradient(GradientForm(verb: verb, wrt: wrt, strategy: strategy, body: body)),
      from: lower, over: max(tallest, height))
  }

  /// wrt = "wrt" targets ; empty where it is left out.
  mutating func wrt() throws(Diagnostic) -> [Expression] {
    take(.wrt) ? try targets() : []
  }

  /// targets = target { "," target } ;
  /// target = simple { arguments | indices | field } ;
  mutating func targets() throws(Diagnostic) -> [Expression] {
    var targets: [Expression] = []
    var tallest = 0
    try descend()
    repeat {
      targets.append(try postfix(isTarget: true))
      tallest = max(tallest, height)
    } while takeComma()
    depth -= 1
    height = tallest
    return targets
  }

  /// A form that begins with a word that is not reserved; `nil` where the word is a name.
  mutating func softForm(_ word: String) throws(Diagnostic) -> Expression? {
    let lower = current.lower
    let ahead = nextAhead
    switch word {
    case "plan":
      guard isWrt(ahead) || isWith(ahead) || isBody(ahead) else { return nil }
      return try gradient(.plan)
    case "compare":
      guard isWrt(ahead) || isAcross(ahead) else { return nil }
      advance()
      let wrt = try wrt()
      var tallest = height
      try expectWord("across", hint: "write 'compare across [keep_all, sqrt_n] { }'")
      let strategies = try header()
      tallest = max(tallest, height)
      let form = CompareForm(wrt: wrt, strategies: strategies, body: try block())
      return try node(.compare(form), from: lower, over: max(tallest, height))
    case "pareto":
      guard isWrt(ahead) || isAcross(ahead) || isBody(ahead) else { return nil }
      advance()
      let wrt = try wrt()
      var tallest = height
      let strategies = takeWord("across") ? try header() : nil
      tallest = max(tallest, height)
      let form = ParetoForm(wrt: wrt, strategies: strategies, body: try block())
      return try node(.pareto(form), from: lower, over: max(tallest, height))
    case "certify":
      guard isWrt(ahead) || isBody(ahead) else { return nil }
      advance()
      let wrt = try wrt()
      var tallest = height
      let body = try block()
      tallest = max(tallest, height)
      guard take(.with) else {
        throw unexpected("'with' and a strategy", hint: "write 'certify { } with sqrt_n'")
      }
      let form = CertifyForm(wrt: wrt, body: body, strategy: try strategyBehindBlock())
      return try node(.certify(form), from: lower, over: max(tallest, height))
    case "repeat":
      guard isCount(ahead) else { return nil }
      advance()
      let count = try header()
      let countHeight = height
      let body = try block()
      return try node(
        .repetition(count: count, body: body), from: lower, over: max(countHeight, height))
    default: return nil
    }
  }

  /// An expression one level deeper that ends a form.
  private mutating func strategyBehindBlock() throws(Diagnostic) -> Expression {
    try descend()
    let strategy = try expression()
    depth -= 1
    return strategy
  }

  private func isWrt(_ ahead: Int) -> Bool {
    if case .keyword(.wrt) = token(ahead).kind { true } else { false }
  }

  private func isWith(_ ahead: Int) -> Bool {
    if case .keyword(.with) = token(ahead).kind { true } else { false }
  }

  private func isAcross(_ ahead: Int) -> Bool {
    if case .word("across") = token(ahead).kind { true } else { false }
  }

  /// True where an argument follows that is not a word which can itself follow an expression.
  private func isCount(_ ahead: Int) -> Bool {
    if case .word(let word) = token(ahead).kind, Keywords.clauseWords.contains(word) {
      return false
    }
    return isArgument(ahead)
  }

  /// True where `{` opens the body of the form just named. In `if plan { … }` it opens the body of
  /// the `if`: then the statement ends behind the matching `}`, or `else` follows.
  private func isBody(_ ahead: Int) -> Bool {
    guard isAt(.leftBrace, ahead) else { return false }
    guard isInHeader else { return true }
    var open = 0
    for place in (index + ahead)..<tokens.count {
      if case .symbol(let symbol) = tokens[place].kind {
        if symbol == .leftBrace { open += 1 }
        if symbol == .rightBrace { open -= 1 }
      }
      guard open == 0 else { continue }
      var behind = place + 1 - index
      var next = behind
      while isTrivia(next) { next += 1 }
      if isInBrackets || isAt(.pipe, next) { behind = next }
      switch token(behind).kind {
      case .newline, .comment, .end, .keyword(.else), .symbol(.semicolon), .symbol(.comma),
        .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
        return false
      default: return true
      }
    }
    return false
  }
}
