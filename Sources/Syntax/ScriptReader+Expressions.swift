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
    while true {
      let leftHeight = height
      if minimum == .pipe, isTrivia(), isPipeNext { skipTrivia() }
      guard case .symbol(let symbol) = current.kind else {
        guard case .keyword(let keyword) = current.kind, keyword == .and || keyword == .or
        else { return left }
        let precedence: Precedence = keyword == .and ? .and : .or
        guard precedence >= minimum else { return left }
        let operatorRange = range(current)
        advance()
        skipTrivia()
        let right = try binary(precedence.tighter)
        left = try node(
          .binary(keyword == .and ? .and : .or, left, right, operatorRange), from: lower,
          over: max(leftHeight, height))
        continue
      }
      guard let precedence = Precedence(of: symbol), precedence >= minimum else { return left }
      let operatorRange = range(current)
      advance()
      skipTrivia()
      let right = try binary(precedence.tighter)
      var tallest = max(leftHeight, height)
      switch symbol {
      case .halfOpenRange, .closedRange:
        left = try node(
          .range(left, right, closed: symbol == .closedRange), from: lower, over: tallest)
      case .approximately:
        var tolerance: Expression?
        if takeWord("within") {
          skipTrivia()
          tolerance = try binary(.range)
          tallest = max(tallest, height)
        }
        left = try node(
          .approximately(left, right, within: tolerance), from: lower, over: tallest)
      default:
        guard let binary = BinaryOperator(rawValue: symbol.rawValue) else { return left }
        left = try node(.binary(binary, left, right, operatorRange), from: lower, over: tallest)
      }
      if case .symbol(let next) = current.kind, let following = Precedence(of: next),
        following == precedence, precedence == .comparison || precedence == .range
      {
        throw .chained(
          precedence == .range ? "range" : "comparison", next.rawValue, at: range(current))
      }
    }
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
    let token = current
    switch token.kind {
    case .word(let word):
      if !isTarget, let form = try softForm(word) { return form }
      advance()
      return try node(.name(word), from: token.lower)
    case .integer(let value):
      advance()
      return try node(.integer(value), from: token.lower)
    case .float(let value):
      advance()
      return try node(.float(value), from: token.lower)
    case .bytes(let count):
      advance()
      return try node(.bytes(count), from: token.lower)
    case .string(let segments):
      advance()
      return try string(segments, token)
    case .symbol(.leftParenthesis): return try parenthesized()
    case .symbol(.leftBracket):
      let items = try expressions()
      return try node(.list(items), from: token.lower, over: height)
    case .keyword(let keyword):
      switch keyword {
      case .true, .false:
        advance()
        return try node(.boolean(keyword == .true), from: token.lower)
      case .none:
        advance()
        return try node(.none, from: token.lower)
      case .if: return try conditional()
      case .fn:
        advance()
        let parameters = try parameters()
        let body = try block()
        return try node(
          .function(FunctionLiteral(parameters: parameters, body: body)), from: token.lower,
          over: height)
      case .gradient: return try gradient(.gradient)
      case .checkpoint:
        advance()
        let body = try block()
        return try node(.checkpoint(body), from: token.lower, over: height)
      default:
        throw unexpected(
          "an expression", hint: "'\(keyword.rawValue)' is a reserved word")
      }
    case .symbol(.leftBrace):
      throw unexpected(
        "an expression", hint: "a block stands behind 'gradient', 'fn(x)', 'if c' and their kin")
    case .symbol(.assign):
      throw unexpected("an expression", hint: "a name is assigned by 'x = 1', compared by '=='")
    default:
      throw unexpected("an expression")
    }
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
        var reader = ScriptReader(source, tokens, isWhole: false)
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
