/// Expressions: operators by precedence, then what stands between them.
extension ScriptReader {
  /// expression = certify | pipe ;
  mutating func expression() throws(Diagnostic) -> Expression {
    try binary(.pipe)
  }

  /// An expression one level deeper, in brackets.
  mutating func nested() throws(Diagnostic) -> Expression {
    try descend()
    let wasInHeader = isInHeader
    isInHeader = false
    let expression = try binary(.pipe)
    isInHeader = wasInHeader
    depth -= 1
    return expression
  }

  /// An expression one level deeper that a block follows.
  mutating func header() throws(Diagnostic) -> Expression {
    try descend()
    let wasInHeader = isInHeader
    isInHeader = true
    let expression = try binary(.pipe)
    isInHeader = wasInHeader
    depth -= 1
    return expression
  }

  /// pipe, or, and, not, comparison, range, sum, product and matmul of grammar.md, from the given
  /// one on.
  private mutating func binary(_ minimum: Precedence) throws(Diagnostic) -> Expression {
    let lower = current.lower
    var left = try operand(minimum)
    while let precedence = infix(minimum) {
      left = try combined(left, precedence, from: lower)
    }
    return left
  }

  /// The precedence of the infix operator at the place reached, if it is at least as tight as
  /// asked for. Passes the newlines before a `|>`.
  private mutating func infix(_ minimum: Precedence) -> Precedence? {
    if minimum == .pipe, isTrivia(), isPipeNext { skipTrivia() }
    let precedence: Precedence? =
      switch current.kind {
      case .symbol(let symbol): Precedence(of: symbol)
      case .keyword(.and): .and
      case .keyword(.or): .or
      case .keyword(.in): .comparison
      default: nil
      }
    guard let precedence, precedence >= minimum else { return nil }
    return precedence
  }

  /// Takes an infix operator and its right operand, and joins them with the left one.
  private mutating func combined(
    _ left: Expression, _ precedence: Precedence, from lower: Int
  ) throws(Diagnostic) -> Expression {
    let leftHeight = height
    let token = current
    advance()
    skipTrivia()
    let right = try binary(precedence.tighter)
    var tallest = max(leftHeight, height)
    let kind: Expression.Kind
    switch token.kind {
    case .keyword(.and): kind = .binary(.and, left, right, range(token))
    case .keyword(.or): kind = .binary(.or, left, right, range(token))
    case .keyword(.in): kind = .binary(.membership, left, right, range(token))
    case .symbol(.halfOpenRange): kind = .range(left, right, closed: false)
    case .symbol(.closedRange): kind = .range(left, right, closed: true)
    case .symbol(.approximately):
      var tolerance: Expression?
      if takeWord("within") {
        skipTrivia()
        tolerance = try binary(.range)
        tallest = max(tallest, height)
      }
      kind = .approximately(left, right, within: tolerance)
    case .symbol(let symbol):
      guard let binary = BinaryOperator(rawValue: symbol.rawValue) else { return left }
      kind = .binary(binary, left, right, range(token))
    default: return left
    }
    let whole = try node(kind, from: lower, over: tallest)
    if precedence == .comparison || precedence == .range, let next = infix(.comparison),
      next == precedence
    {
      throw .chained(
        precedence == .range ? "range" : "comparison", range(current).text, at: range(current))
    }
    return whole
  }

  /// True where `|>` stands behind newlines and comments: the statement goes on there.
  private var isPipeNext: Bool {
    var ahead = 0
    while isTrivia(ahead) { ahead += 1 }
    return isAt(.pipe, ahead)
  }

  /// negation = "not" negation | comparison ;
  private mutating func operand(_ minimum: Precedence) throws(Diagnostic) -> Expression {
    guard isAt(.not) else { return try unary() }
    guard minimum <= .negation else {
      throw unexpected("an expression", hint: "put '(not …)' in parentheses here")
    }
    let lower = current.lower
    advance()
    skipTrivia()
    try descend()
    let operand = try binary(.negation)
    depth -= 1
    return try node(.unary(.not, operand), from: lower, over: height)
  }

  /// unary = "-" unary | power ;
  private mutating func unary() throws(Diagnostic) -> Expression {
    guard isAt(.minus) else { return try power() }
    let lower = current.lower
    advance()
    try descend()
    let operand = try unary()
    depth -= 1
    return try node(.unary(.negate, operand), from: lower, over: height)
  }

  /// power = postfix [ "**" unary ] ;
  private mutating func power() throws(Diagnostic) -> Expression {
    let lower = current.lower
    let base = try postfix()
    guard isAt(.power) else { return base }
    let (operatorRange, baseHeight) = (range(current), height)
    advance()
    skipTrivia()
    try descend()
    let exponent = try unary()
    depth -= 1
    return try node(
      .binary(.power, base, exponent, operatorRange), from: lower, over: max(baseHeight, height))
  }

  /// postfix = primary { arguments | "[" expressions "]" | "." WORD } ;
  mutating func postfix(isTarget: Bool = false) throws(Diagnostic) -> Expression {
    let lower = current.lower
    var base = try primary(isTarget: isTarget)
    while case .symbol(let symbol) = current.kind {
      let baseHeight = height
      switch symbol {
      case .leftParenthesis:
        let arguments = try arguments()
        base = try node(.call(base, arguments), from: lower, over: max(baseHeight, height))
      case .leftBracket:
        let bracket = range(current)
        let indices = try expressions()
        guard !indices.isEmpty else {
          throw .unexpected("an index", found: "'[]'", at: bracket.union(range(from: lower)))
        }
        base = try node(.index(base, indices), from: lower, over: max(baseHeight, height))
      case .dot:
        advance()
        let field = try anyWord("the name of a field")
        base = try node(.field(base, field), from: lower, over: baseHeight)
      default: return base
      }
    }
    return base
  }

  /// arguments = "(" [ argument { "," argument } [ "," ] ] ")" ;
  /// argument = [ WORD ":" ] expression ;
  mutating func arguments() throws(Diagnostic) -> [Argument] {
    var arguments: [Argument] = []
    var tallest = 0
    try brackets(.leftParenthesis) { reader throws(Diagnostic) in
      var label: Identifier?
      switch reader.current.kind {
      case .word where reader.isLabel, .keyword where reader.isLabel:
        label = try reader.anyWord("a label")
        try reader.expect(.colon)
      default: break
      }
      arguments.append(Argument(label: label, value: try reader.nested()))
      tallest = max(tallest, reader.height)
    }
    height = tallest
    return arguments
  }

  /// True where a colon follows the word at the place reached, maybe on a later line.
  private var isLabel: Bool {
    isAt(.colon, nextAhead)
  }

  /// expressions = "[" [ expression { "," expression } [ "," ] ] "]" ;
  private mutating func expressions() throws(Diagnostic) -> [Expression] {
    var expressions: [Expression] = []
    var tallest = 0
    try brackets(.leftBracket) { reader throws(Diagnostic) in
      expressions.append(try reader.nested())
      tallest = max(tallest, reader.height)
    }
    height = tallest
    return expressions
  }

  /// Reads items with commas between them, from an opening bracket to its closing one.
  mutating func brackets(
    _ opener: Symbol, _ item: (inout ScriptReader) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard isAt(opener), let closer = opener.closer else {
      throw unexpected("'\(opener.rawValue)'")
    }
    let bracket = current
    let wasInBrackets = isInBrackets
    isInBrackets = true
    advance()
    while !isAt(closer) {
      try item(&self)
      if !take(.comma), !isAt(closer) {
        throw unexpected(
          "',' or '\(closer.rawValue)'",
          notes: [Diagnostic.Note(range(bracket), "this '\(opener.rawValue)' is open")])
      }
    }
    isInBrackets = wasInBrackets
    advance()
  }

  /// primary = simple | form ; a target begins with no form, so that its words are names.
  mutating func primary(isTarget: Bool = false) throws(Diagnostic) -> Expression {
    switch current.kind {
    case .word(let word):
      if !isTarget, isSoftForm(word) { return try softForm(word) }
      return try simple()
    case .keyword(let keyword): return try keywordForm(keyword)
    case .symbol(.leftParenthesis): return try parenthesized()
    case .symbol(.leftBracket): return try listOrDictionary()
    default: return try simple()
    }
  }

  /// list = "[" [ expression { "," expression } [ "," ] ] "]" ; dictionary = "[" ( ":" | entry {
  /// "," entry } [ "," ] ) "]" ; entry = expression ":" expression ;
  private mutating func listOrDictionary() throws(Diagnostic) -> Expression {
    let lower = current.lower
    var items: [Expression] = []
    var entries: [DictionaryEntry] = []
    var isDictionary = false
    var tallest = 0
    try brackets(.leftBracket) { reader throws(Diagnostic) in
      if items.isEmpty, entries.isEmpty, !isDictionary, reader.isAt(.colon) {
        reader.advance()
        isDictionary = true
        guard reader.isAt(.rightBracket) else { throw reader.unexpected("']'") }
        return
      }
      let item = try reader.nested()
      tallest = max(tallest, reader.height)
      if isDictionary || (items.isEmpty && reader.isAt(.colon)) {
        isDictionary = true
        try reader.expect(.colon, hint: "a dictionary has a value behind each key: [\"a\": 1]")
        entries.append(DictionaryEntry(key: item, value: try reader.nested()))
        tallest = max(tallest, reader.height)
      } else {
        items.append(item)
      }
    }
    return try node(isDictionary ? .dictionary(entries) : .list(items), from: lower, over: tallest)
  }

  /// simple = NUMBER | BYTES | STRING | NAME | … ;
  mutating func simple() throws(Diagnostic) -> Expression {
    let token = current
    let kind: Expression.Kind
    switch token.kind {
    case .word(let word): kind = .name(word)
    case .integer(let value): kind = .integer(value)
    case .float(let value): kind = .float(value)
    case .bytes(let count): kind = .bytes(count)
    case .keyword(.true): kind = .boolean(true)
    case .keyword(.false): kind = .boolean(false)
    case .keyword(.none): kind = .none
    case .string(let segments):
      advance()
      return try string(segments, token)
    case .keyword(let keyword):
      throw unexpected("an expression", hint: "'\(keyword.rawValue)' is a reserved word")
    case .symbol(.leftBrace):
      throw unexpected(
        "an expression", hint: "a block stands behind 'gradient', 'fn(x)', 'if c' and their kin")
    case .symbol(.assign):
      throw unexpected("an expression", hint: "a name is assigned by 'x = 1', compared by '=='")
    default: throw unexpected("an expression")
    }
    advance()
    return try node(kind, from: token.lower)
  }

  /// "(" expression ")"
  private mutating func parenthesized() throws(Diagnostic) -> Expression {
    let bracket = current
    let wasInBrackets = isInBrackets
    isInBrackets = true
    advance()
    let inner = try nested()
    guard isAt(.rightParenthesis) else {
      throw unexpected("')'", notes: [Diagnostic.Note(range(bracket), "this '(' is open")])
    }
    isInBrackets = wasInBrackets
    advance()
    return inner
  }

  /// STRING: each interpolation is read on its own.
  private mutating func string(
    _ segments: [Token.Segment], _ token: Token
  ) throws(Diagnostic) -> Expression {
    var parts: [StringPart] = []
    var tallest = 0
    for segment in segments {
      switch segment {
      case .text(let text): parts.append(.text(text))
      case .tokens(let tokens):
        var reader = ScriptReader(source, tokens, isWhole: false, isStopped: isStopped)
        reader.depth = depth
        reader.isInBrackets = true
        let value = try reader.nested()
        guard reader.isAt(.rightParenthesis) else { throw reader.unexpected("')'") }
        if let fault = reader.faults.first { throw fault }
        parts.append(.interpolation(value))
        tallest = max(tallest, reader.height)
      }
    }
    return try node(.string(parts), from: token.lower, over: tallest)
  }
}
