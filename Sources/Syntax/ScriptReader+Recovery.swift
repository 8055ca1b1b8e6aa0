/// Finding the next statement after a fault.
extension ScriptReader {
  /// Moves to where reading can go on: the end of the line at fault, with the brackets that the
  /// statement opened closed; or the start of a line that must be a statement of its own.
  mutating func recover(from start: Int) {
    isInBrackets = false
    isInHeader = false
    var open: [Symbol] = []
    for token in tokens[start..<index] { note(token, in: &open) }
    if index > start, isTriviaBehind, !open.contains(.leftBrace), beginsStatement { return }
    while true {
      switch current.kind {
      case .end: return
      case .newline:
        if open.isEmpty { return }
        if !open.contains(.leftBrace) {
          index += 1
          if beginsStatement { return }
          continue
        }
      case .symbol(.rightBrace) where !open.contains(.leftBrace):
        if blockDepth > 0 { return }
      default:
        note(current, in: &open)
      }
      lastUpper = current.upper
      index += 1
    }
  }

  /// Follows a bracket: an opening one is pushed, a closing one pops up to its partner.
  private func note(_ token: Token, in open: inout [Symbol]) {
    guard case .symbol(let symbol) = token.kind else { return }
    if symbol.closer != nil { open.append(symbol) }
    guard let opener = symbol.opener, let place = open.lastIndex(of: opener) else { return }
    open.removeSubrange(place...)
    if symbol == .rightBrace, !open.contains(.leftBrace) { open.removeAll() }
  }

  /// True where a newline or a comment stands just before the place reached.
  private var isTriviaBehind: Bool {
    guard index > 0 else { return false }
    switch tokens[index - 1].kind {
    case .newline, .comment: return true
    default: return false
    }
  }

  /// True where only a statement can begin: this is how an unclosed bracket above is found out.
  private var beginsStatement: Bool {
    switch current.kind {
    case .keyword(let keyword):
      switch keyword {
      case .let, .layer, .for, .while, .return, .break, .continue: return true
      case .fn: if case .word = token(1).kind { return true } else { return false }
      default: return false
      }
    case .word(let word):
      switch token(1).kind {
      case .word, .string: return Keywords.statementWords.contains(word)
      case .symbol(let symbol): return symbol == .assign || symbol.assignedOperator != nil
      default: return false
      }
    default: return false
    }
  }
}
