/// Reads tokens into a tree by recursive descent: one method a production of grammar.md.
///
/// This file holds what every production uses: the place reached, taking tokens, and the limits.
struct ScriptReader {
  /// What `tokens` were cut from, and what ranges point into.
  let source: SourceText
  /// What is read; the last one is always `end`.
  let tokens: [Token]
  /// False for the tokens of an interpolation, whose end is not the end of the text.
  let isWhole: Bool
  /// True where the reading is to end: asked at each statement and each expression.
  let isStopped: () -> Bool
  /// The place reached: an index into `tokens`.
  var index = 0
  /// Where the last token taken ends.
  var lastUpper = 0
  /// True inside ( ) and [ ], where a newline ends nothing.
  var isInBrackets = false
  /// True before the `{` of a form, outside brackets.
  var isInHeader = false
  /// Levels of nesting around the place reached.
  var depth = 0
  /// True in the body of a strategy, where verbs may stand in a row on a line.
  var isInStrategy = false
  /// Blocks open around the place reached.
  var blockDepth = 0
  /// The height of the tree read last.
  var height = 0
  /// Comments met inside the statement that is being read; they move above it.
  var strayComments: [(text: String, range: SourceRange)] = []
  /// What was refused so far, in order: at most `faultLimit`, each at a place of its own.
  var faults: [Diagnostic] = []

  /// Brackets, blocks and prefixes nested deeper than this are a fault.
  static let depthLimit = 256
  /// Trees higher than this (long rows of operators count) are a fault.
  static let heightLimit = 1024
  /// Faults beyond these are not reported.
  static let faultLimit = 10

  /// At the first of the tokens.
  init(
    _ source: SourceText, _ tokens: [Token], isWhole: Bool = true,
    isStopped: @escaping () -> Bool
  ) {
    self.source = source
    self.tokens = tokens
    self.isWhole = isWhole
    self.isStopped = isStopped
  }

  // MARK: the place reached

  /// The token at the place reached.
  var current: Token { tokens[index] }

  /// The token so many places on; `end` behind the last.
  func token(_ ahead: Int) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  /// True where the symbol stands at the place reached, or so many tokens ahead.
  func isAt(_ symbol: Symbol, _ ahead: Int = 0) -> Bool {
    if case .symbol(symbol) = token(ahead).kind { true } else { false }
  }

  /// True where the reserved word stands at the place reached.
  func isAt(_ keyword: Keyword) -> Bool {
    if case .keyword(keyword) = current.kind { true } else { false }
  }

  /// True where the word, which is not reserved, stands at the place reached.
  func isAtWord(_ word: String) -> Bool {
    if case .word(let text) = current.kind { text == word } else { false }
  }

  /// True where a newline, a comment or the end stands.
  func isTrivia(_ ahead: Int = 0) -> Bool {
    switch token(ahead).kind {
    case .newline, .comment: true
    default: false
    }
  }

  /// How far ahead the next token is: in brackets, behind newlines and comments.
  var nextAhead: Int { next(behind: 0) }

  /// How far ahead the token behind another one is: in brackets, behind newlines and comments.
  func next(behind place: Int) -> Int {
    var ahead = place + 1
    while isInBrackets, isTrivia(ahead) { ahead += 1 }
    return ahead
  }

  /// True where a statement can end.
  func isTerminator(_ ahead: Int) -> Bool {
    switch token(ahead).kind {
    case .newline, .comment, .end, .symbol(.semicolon), .symbol(.rightBrace): true
    default: false
    }
  }

  /// Where a token stands.
  func range(_ token: Token) -> SourceRange { SourceRange(source, token.lower, token.upper) }

  /// The range from an offset to the end of the last token taken.
  func range(from lower: Int) -> SourceRange {
    SourceRange(source, lower, max(lower, lastUpper))
  }

  // MARK: taking

  /// Takes the token at the place reached, and inside brackets the newlines and comments behind it.
  mutating func advance() {
    lastUpper = current.upper
    if index < tokens.count - 1 { index += 1 }
    if isInBrackets { skipTrivia() }
  }

  /// Passes newlines and comments, and remembers the comments.
  mutating func skipTrivia() {
    while true {
      switch current.kind {
      case .newline: index += 1
      case .comment(let text):
        strayComments.append((text, range(current)))
        index += 1
      default: return
      }
    }
  }

  /// Takes the symbol where it stands at the place reached; false, and nothing taken, where it does
  /// not.
  mutating func take(_ symbol: Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  /// Takes the reserved word likewise.
  mutating func take(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  /// Takes the word that is not reserved likewise.
  mutating func takeWord(_ word: String) -> Bool {
    guard isAtWord(word) else { return false }
    advance()
    return true
  }

  /// Takes a comma, and the newlines that may follow it.
  mutating func takeComma() -> Bool {
    guard take(.comma) else { return false }
    skipTrivia()
    return true
  }

  /// Takes the symbol; throws `unexpected` where it does not stand at the place reached.
  mutating func expect(
    _ symbol: Symbol, hint: String? = nil, notes: [Diagnostic.Note] = []
  ) throws(Diagnostic) {
    guard take(symbol) else {
      throw unexpected("'\(symbol.rawValue)'", hint: hint, notes: notes)
    }
  }

  /// Takes the reserved word; throws `unexpected` where it does not stand at the place reached.
  mutating func expect(_ keyword: Keyword) throws(Diagnostic) {
    guard take(keyword) else { throw unexpected("'\(keyword.rawValue)'") }
  }

  /// Takes the word that is not reserved; throws `unexpected` where it does not stand at the place
  /// reached.
  mutating func expectWord(_ word: String, hint: String? = nil) throws(Diagnostic) {
    guard takeWord(word) else { throw unexpected("'\(word)'", hint: hint) }
  }

  /// Takes the comment at the place reached, `#` included; `nil` where there is none.
  mutating func takeComment() -> String? {
    guard case .comment(let text) = current.kind else { return nil }
    advance()
    return text
  }

  /// Takes the `=` of a binding or an assignment, and the newlines that may follow it.
  mutating func expectAssign() throws(Diagnostic) {
    try expect(.assign)
    skipTrivia()
  }

  /// NAME
  mutating func name(_ what: String = "a name") throws(Diagnostic) -> Identifier {
    guard case .word(let text) = current.kind else {
      if case .keyword(let keyword) = current.kind {
        throw unexpected(what, hint: "'\(keyword.rawValue)' is a reserved word")
      }
      throw unexpected(what)
    }
    let identifier = Identifier(text, range(current))
    advance()
    return identifier
  }

  /// WORD: a name or a reserved word, where it can only be a name.
  mutating func anyWord(_ what: String) throws(Diagnostic) -> Identifier {
    let text: String
    switch current.kind {
    case .word(let word): text = word
    case .keyword(let keyword): text = keyword.rawValue
    default: throw unexpected(what)
    }
    let identifier = Identifier(text, range(current))
    advance()
    return identifier
  }

  // MARK: limits

  /// Enters a level of nesting; the caller leaves it with `depth -= 1`.
  mutating func descend() throws(Diagnostic) {
    guard depth < Self.depthLimit else { throw .tooDeep(Self.depthLimit, at: range(current)) }
    depth += 1
  }

  /// A tree node over children of the given height, from an offset to the place reached.
  mutating func node(
    _ kind: Expression.Kind, from lower: Int, over height: Int = 0
  ) throws(Diagnostic) -> Expression {
    let range = range(from: lower)
    guard height < Self.heightLimit else { throw .tooDeep(Self.heightLimit, at: range) }
    if isStopped() { throw .readingStopped(source) }
    self.height = height + 1
    return Expression(kind, range)
  }

  // MARK: faults

  /// The fault that something other than `expected` stands at the place reached.
  func unexpected(
    _ expected: String, hint: String? = nil, notes: [Diagnostic.Note] = []
  ) -> Diagnostic {
    let found: String
    let hint = habitHint ?? hint
    switch current.kind {
    case .invalid(let fault): return habitHint.map(fault.hinting) ?? fault
    case .end:
      if isWhole { return .unfinished(expected, at: range(current), notes: notes) }
      found = "the end of the interpolation"
    case .newline:
      let range = SourceRange(source, current.lower, current.lower)
      return .unexpected(
        expected, found: "the end of the line", at: range, hint: hint, notes: notes)
    case .comment: found = "a comment"
    case .string: found = "a string"
    default: found = "'\(range(current).text)'"
    }
    return .unexpected(expected, found: found, at: range(current), hint: hint, notes: notes)
  }

  /// Keeps a fault, unless ten are kept or one stands at the same place.
  mutating func record(_ fault: Diagnostic) {
    guard faults.count < Self.faultLimit else { return }
    let isKnown = faults.contains { known in
      known.range.map(\.lower) == fault.range.map(\.lower)
    }
    if !isKnown { faults.append(fault) }
  }

  /// True where no further fault is kept, or somebody asked to stop: reading ends.
  var isExhausted: Bool { faults.count >= Self.faultLimit || isStopped() }
}
