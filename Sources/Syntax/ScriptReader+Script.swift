/// A whole text, and the ends of statements.
extension ScriptReader {
  /// script = { line } ;
  mutating func script() -> Script {
    var items: [Script.Item] = []
    var isLineEmpty = true
    while !isExhausted {
      switch current.kind {
      case .end:
        return Script(source: source, items: items)
      case .newline:
        if isLineEmpty, current.upper > current.lower {
          if case .blank? = items.last {} else { items.append(.blank) }
        }
        isLineEmpty = true
        advance()
      case .comment(let text):
        items.append(isLineEmpty ? commentItem(text) : .comment(text, range(current)))
        isLineEmpty = false
        if case .comment = current.kind { advance() }
      default:
        isLineEmpty = false
        let start = index
        if let (statement, comments) = statement(leading: []) {
          for comment in comments { items.append(.comment(comment.text, comment.range)) }
          items.append(.statement(statement))
        }
        if index == start, case .end = current.kind {} else if index == start { advance() }
      }
    }
    return Script(source: source, items: items)
  }

  /// A comment on a line of its own, which may begin a cell or recorded output. Leaves the place
  /// at the comment's last line.
  private mutating func commentItem(_ text: String) -> Script.Item {
    let lower = current.lower
    if Self.isOutput(text) {
      var lines = [String(text.dropFirst(3))]
      while case .newline = token(1).kind, case .comment(let next) = token(2).kind,
        Self.isOutput(next)
      {
        lines.append(String(next.dropFirst(3)))
        index += 2
      }
      return .output(lines, SourceRange(source, lower, current.upper))
    }
    guard let title = Self.cellTitle(text) else { return .comment(text, range(current)) }
    guard title.hasPrefix("[markdown]") else { return .cell(title: title, range(current)) }
    var lines: [String] = []
    while case .newline = token(1).kind, case .comment(let next) = token(2).kind,
      Self.cellTitle(next) == nil, !Self.isOutput(next)
    {
      let line = next.dropFirst()
      lines.append(String(line.hasPrefix(" ") ? line.dropFirst() : line))
      index += 2
    }
    return .prose(
      title: Self.trimmed(title.dropFirst("[markdown]".count)), lines: lines,
      SourceRange(source, lower, current.upper))
  }

  /// True for a line of recorded output.
  private static func isOutput(_ comment: String) -> Bool {
    comment == "#>" || comment.hasPrefix("#> ")
  }

  /// The title of a `# %%` line, which may be empty; `nil` for other comments.
  private static func cellTitle(_ comment: String) -> String? {
    for mark in ["# %%", "#%%"] where comment.hasPrefix(mark) {
      let rest = comment.dropFirst(mark.count)
      guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
      return trimmed(rest)
    }
    return nil
  }

  /// The text without the blanks it begins with.
  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " || $0 == "\t" })
  }

  /// A statement, its `;` and the comment behind it; `nil`, with the fault recorded and the place
  /// moved on, where there is none. Gives the comments found inside it for the caller to place.
  mutating func statement(
    leading: [String]
  ) -> (Statement, comments: [(text: String, range: SourceRange)])? {
    let start = index
    let (depth, blockDepth, outerComments) = (depth, blockDepth, strayComments)
    strayComments = []
    defer { strayComments = outerComments }
    do throws(Diagnostic) {
      let lower = current.lower
      let kind = try statementKind()
      let range = range(from: lower)
      let isSilenced = take(.semicolon)
      let trailing = takeComment()
      if !isSilenced, !isTerminator(0), !isAtVerb(behind: kind) {
        throw unexpectedBehindStatement(start)
      }
      if self.blockDepth == 0, !isSilenced, isAt(.rightBrace) {
        throw unexpected("a new line", hint: "no '{' is open here")
      }
      let statement = Statement(
        kind, range, isSilenced: isSilenced,
        leading: leading + (blockDepth > 0 ? strayComments.map(\.text) : []), trailing: trailing)
      return (statement, strayComments)
    } catch {
      record(error)
      (self.depth, self.blockDepth) = (depth, blockDepth)
      recover(from: start)
      return nil
    }
  }

  /// True behind a verb of a strategy's body where the next one stands on the same line.
  private func isAtVerb(behind kind: Statement.Kind) -> Bool {
    guard isInStrategy, case .expression(let expression) = kind,
      case .call(let callee, _) = expression.kind, case .name(let verb) = callee.kind,
      Keywords.strategyVerbs.contains(verb), case .word(let next) = current.kind
    else { return false }
    return Keywords.strategyVerbs.contains(next) && isAt(.leftParenthesis, 1)
  }

  /// What to say of something behind a whole statement on its line.
  private func unexpectedBehindStatement(_ start: Int) -> Diagnostic {
    var hint: String?
    switch current.kind {
    case .symbol(.rightParenthesis), .symbol(.rightBracket): hint = "no bracket is open here"
    case .word(let word) where ["kb", "mb", "gb", "kib", "mib", "gib"].contains(word.lowercased()):
      hint = "the units are B, KiB, MiB, GiB and TiB: 64 KiB is 65536 bytes"
    case .word, .string, .integer, .float, .bytes, .keyword:
      if case .word(let first) = tokens[start].kind, index == start + 1 {
        let words = Set(Keywords.all).subtracting(Keywords.clauseWords)
        if let closest = Suggestion.closest(to: first, among: words), closest != first {
          hint = "did you mean '\(closest)'?"
        }
      }
      hint = hint ?? "one statement a line; a comma or an operator joins what belongs together"
    default: break
    }
    return unexpected("the end of the line", hint: hint)
  }

  /// block = "{" [ COMMENT ] { line } [ statements ] "}" ;
  mutating func block() throws(Diagnostic) -> Block {
    let lower = current.lower
    var statements: [Statement] = []
    var tallest = 0
    let (opening, dangling) = try braces { reader, leading in
      if let (statement, _) = reader.statement(leading: leading) { statements.append(statement) }
      tallest = max(tallest, reader.height)
    }
    height = tallest
    return Block(
      statements: statements, range: range(from: lower), dangling: dangling, opening: opening)
  }

  /// Reads from `{` to `}`: comments and blank lines here, everything else by `member`, which is
  /// given the comments above it and takes at least a token or leaves the place at a `}`.
  mutating func braces(
    _ member: (inout ScriptReader, [String]) -> Void
  ) throws(Diagnostic) -> (opening: String?, dangling: [String]) {
    let brace = current
    guard isAt(.leftBrace) else { throw unexpected("'{'") }
    try descend()
    let wasInBrackets = isInBrackets
    let wasInHeader = isInHeader
    isInHeader = false
    isInBrackets = false
    blockDepth += 1
    advance()
    let opening = takeComment()
    var leading: [String] = []
    var (isLineEmpty, isFirst) = (false, true)
    while !isAt(.rightBrace) {
      switch current.kind {
      case .newline:
        if isLineEmpty, !(isFirst && leading.isEmpty), leading.last != "" { leading.append("") }
        isLineEmpty = true
        advance()
      case .comment(let text):
        leading.append(text)
        isLineEmpty = false
        advance()
      case .end:
        throw unexpected(
          "'}'", notes: [Diagnostic.Note(range(brace), "this '{' is not closed")])
      default:
        let start = index
        member(&self, leading)
        leading = []
        (isLineEmpty, isFirst) = (false, false)
        if index == start, !isAt(.rightBrace) { advance() }
        if isExhausted { index = tokens.count - 1 }
      }
    }
    if leading.last == "" { leading.removeLast() }
    blockDepth -= 1
    depth -= 1
    isInBrackets = wasInBrackets
    isInHeader = wasInHeader
    advance()
    return (opening, leading)
  }
}
