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
          statements: [Statement(.expression(next), next.range)], range: next.range,
          dangling: [], opening: nil)
      } else {
        otherwise = try block()
      }
      tallest = max(tallest, height)
    }
    return try node(
      .conditional(Conditional(condition: condition, then: then, otherwise: otherwise)),
      from: lower, over: tallest)
  }

  /// gradient = "gradient" [ wrt ] [ with ] block | "plan" [ wrt ] [ using ] [ with ] block ;
  mutating func gradient(_ verb: GradientForm.Verb) throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let wrt = try wrt()
    var tallest = height
    let optimizer = verb == .plan ? try using() : nil
    tallest = max(tallest, height)
    let strategy = take(.with) ? try header() : nil
    tallest = max(tallest, height)
    let form = GradientForm(
      verb: verb, wrt: wrt, optimizer: optimizer, strategy: strategy, body: try block())
    return try node(.gradient(form), from: lower, over: max(tallest, height))
  }

  /// wrt = "wrt" targets ; empty where it is left out.
  mutating func wrt() throws(Diagnostic) -> [Expression] {
    take(.wrt) ? try targets() : []
  }

  /// using = "using" expression ; empty where it is left out.
  private mutating func using() throws(Diagnostic) -> Expression? {
    takeWord("using") ? try header() : nil
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

  /// A form that begins with a reserved word; the reserved words that are values, too.
  mutating func keywordForm(_ keyword: Keyword) throws(Diagnostic) -> Expression {
    switch keyword {
    case .if: return try conditional()
    case .fn: return try functionLiteral()
    case .gradient: return try gradient(.gradient)
    case .checkpoint: return try checkpoint()
    default: return try simple()
    }
  }

  /// checkpoint = "checkpoint" [ save ] block ;
  private mutating func checkpoint() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let saved = isAt(.leftParenthesis) ? try save() : nil
    let tallest = height
    let body = try block()
    return try node(.checkpoint(saving: saved, body), from: lower, over: max(tallest, height))
  }

  /// save = "(" "save" ":" expression [ "," ] ")" ;
  private mutating func save() throws(Diagnostic) -> Expression {
    let bracket = current
    var list: Expression?
    try brackets(.leftParenthesis) { reader throws(Diagnostic) in
      guard list == nil else { throw reader.unexpected("')'") }
      try reader.expectWord("save", hint: Self.regionHint)
      try reader.expect(.colon, hint: Self.regionHint)
      list = try reader.nested()
    }
    guard let list else {
      throw .unexpected(
        "'save'", found: "'()'", at: range(from: bracket.lower), hint: Self.regionHint)
    }
    return list
  }

  private static let regionHint =
    "a region is a block, `checkpoint { sum(ones(3)) }`; in parentheses stands what it saves, "
    + "`checkpoint(save: [\"matmul\"]) { sum(ones(3)) }`"

  /// function_literal = "fn" parameters block ;
  private mutating func functionLiteral() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let parameters = try parameters()
    let body = try block()
    return try node(
      .function(FunctionLiteral(parameters: parameters, body: body)), from: lower, over: height)
  }

  /// True where a word that is not reserved begins a form; false where it is a name.
  func isSoftForm(_ word: String) -> Bool {
    let ahead = nextAhead
    return switch word {
    case "plan": isWrt(ahead) || isWord("using", ahead) || isWith(ahead) || isBody(ahead)
    case "compare": isWrt(ahead) || isWord("using", ahead) || isWord("across", ahead)
    case "pareto":
      isWrt(ahead) || isWord("using", ahead) || isWord("across", ahead) || isBody(ahead)
    case "certify": isWrt(ahead) || isBody(ahead) || isWith(ahead)
    case "repeat": isCount(ahead)
    case "evaluate", "sketch": isBody(ahead)
    case "train": isArgument(ahead)
    case "predict": isName(ahead) && isAt(.assign, next(behind: ahead))
    case "trap", "mixed": isName(ahead) && isAt(.leftBrace, next(behind: ahead))
    default: false
    }
  }

  /// A form that begins with a word that is not reserved.
  mutating func softForm(_ word: String) throws(Diagnostic) -> Expression {
    switch word {
    case "plan": return try gradient(.plan)
    case "compare": return try compare()
    case "pareto": return try pareto()
    case "certify": return try certify()
    case "train": return try train()
    case "predict": return try predict()
    case "trap": return try trap()
    case "mixed":
      let lower = current.lower
      advance()
      let type = try name()
      return try node(.mixed(type, try block()), from: lower, over: height)
    case "evaluate", "sketch":
      let lower = current.lower
      advance()
      let body = try block()
      return try node(
        word == "evaluate" ? .evaluate(body) : .sketch(body), from: lower, over: height)
    default: return try repetition()
    }
  }

  /// compare = "compare" [ wrt ] [ using ] "across" expression [ on ] block ;
  private mutating func compare() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let wrt = try wrt()
    var tallest = height
    let optimizer = try using()
    tallest = max(tallest, height)
    try expectWord("across", hint: "write 'compare across [keep_all, sqrt_n] { }'")
    let strategies = try header()
    tallest = max(tallest, height)
    let workers = takeWord("on") ? try header() : nil
    tallest = max(tallest, height)
    let form = CompareForm(
      wrt: wrt, optimizer: optimizer, strategies: strategies, workers: workers, body: try block())
    return try node(.compare(form), from: lower, over: max(tallest, height))
  }

  /// pareto = "pareto" [ wrt ] [ using ] [ "across" expression ] block ;
  private mutating func pareto() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let wrt = try wrt()
    var tallest = height
    let optimizer = try using()
    tallest = max(tallest, height)
    let strategies = takeWord("across") ? try header() : nil
    tallest = max(tallest, height)
    let form = ParetoForm(
      wrt: wrt, optimizer: optimizer, strategies: strategies, body: try block())
    return try node(.pareto(form), from: lower, over: max(tallest, height))
  }

  /// certify = "certify" [ wrt ] ( block with | with block ) ;
  private mutating func certify() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    height = 0
    let wrt = try wrt()
    var tallest = height
    if take(.with) {
      let strategy = try header()
      tallest = max(tallest, height)
      let form = CertifyForm(wrt: wrt, body: try block(), strategy: strategy)
      return try node(.certify(form), from: lower, over: max(tallest, height))
    }
    let body = try block()
    tallest = max(tallest, height)
    guard take(.with) else {
      throw unexpected("'with' and a strategy", hint: "write 'certify { } with sqrt_n'")
    }
    let form = CertifyForm(wrt: wrt, body: body, strategy: try strategyBehindBlock())
    return try node(.certify(form), from: lower, over: max(tallest, height))
  }

  /// repetition = "repeat" expression block ;
  private mutating func repetition() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let count = try header()
    let countHeight = height
    let body = try block()
    return try node(
      .repetition(count: count, body: body), from: lower, over: max(countHeight, height))
  }

  /// train = "train" targets "for" names "in" expression clause { clause } block ;
  private mutating func train() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let targets = try targets()
    var tallest = height
    try expect(.for)
    let names = try names()
    try expect(.in)
    let batches = try header()
    tallest = max(tallest, height)
    var (optimizer, strategy, workers): (Expression?, Expression?, Expression?)
    var (groupSize, updates): (Expression?, UpdateTime?)
    var mixed: Identifier?
    while !isAt(.leftBrace) {
      let clause = current
      if takeWord("using") {
        guard optimizer == nil else { throw .duplicate("using", at: range(clause)) }
        optimizer = try header()
      } else if take(.with) {
        guard strategy == nil else { throw .duplicate("with", at: range(clause)) }
        strategy = try header()
      } else if takeWord("on") {
        guard workers == nil else { throw .duplicate("on", at: range(clause)) }
        workers = try header()
      } else if takeWord("accumulate") {
        guard groupSize == nil else { throw .duplicate("accumulate", at: range(clause)) }
        groupSize = try header()
      } else if takeWord("updates") {
        guard updates == nil else { throw .duplicate("updates", at: range(clause)) }
        updates = try updateTime()
      } else if takeWord("mixed") {
        guard mixed == nil else { throw .duplicate("mixed", at: range(clause)) }
        mixed = try name()
      } else {
        throw unexpected(optimizer == nil ? "'using' and an optimizer" : "'{'")
      }
      tallest = max(tallest, height)
    }
    guard let optimizer else {
      throw unexpected("'using' and an optimizer", hint: "such as 'using adam(lr: 0.01)'")
    }
    let form = TrainForm(
      targets: targets, names: names, batches: batches, optimizer: optimizer,
      strategy: strategy, workers: workers, groupSize: groupSize, updates: updates,
      mixed: mixed, body: try block())
    return try node(.train(form), from: lower, over: max(tallest, height))
  }

  /// `at_end` or `in_backward`, behind `updates`.
  private mutating func updateTime() throws(Diagnostic) -> UpdateTime {
    let token = current
    for word in UpdateTime.Word.allCases where takeWord(word.rawValue) {
      return UpdateTime(word: word, range: range(token))
    }
    throw unexpected("'at_end' or 'in_backward'")
  }

  /// predict = "predict" NAME "=" expression [ wrt ] [ with ] block ;
  private mutating func predict() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let quantity = try name()
    try expectAssign()
    let guess = try header()
    var tallest = height
    let wrt = try wrt()
    tallest = max(tallest, height)
    let strategy = take(.with) ? try header() : nil
    tallest = max(tallest, height)
    let form = PredictForm(
      quantity: quantity, guess: guess, wrt: wrt, strategy: strategy, body: try block())
    return try node(.predict(form), from: lower, over: max(tallest, height))
  }

  /// trap = "trap" NAME block ;
  private mutating func trap() throws(Diagnostic) -> Expression {
    let lower = current.lower
    advance()
    let name = try name()
    let body = try block()
    return try node(.trap(name, body), from: lower, over: height)
  }

  /// An expression one level deeper that ends a form.
  private mutating func strategyBehindBlock() throws(Diagnostic) -> Expression {
    try descend()
    let strategy = try expression()
    depth -= 1
    return strategy
  }

  private func isName(_ ahead: Int) -> Bool {
    if case .word = token(ahead).kind { true } else { false }
  }

  private func isWrt(_ ahead: Int) -> Bool {
    if case .keyword(.wrt) = token(ahead).kind { true } else { false }
  }

  private func isWith(_ ahead: Int) -> Bool {
    if case .keyword(.with) = token(ahead).kind { true } else { false }
  }

  private func isWord(_ word: String, _ ahead: Int) -> Bool {
    if case .word(word) = token(ahead).kind { true } else { false }
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
