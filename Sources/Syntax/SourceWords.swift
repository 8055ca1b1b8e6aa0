/// The words of a text: its names and keywords.
package enum SourceWords {
  /// In their order, those in interpolations of strings too; none of comments and of plain strings.
  package static func words(of source: SourceText) -> [String] {
    var words: [String] = []
    gather(Lexer.tokens(of: source), into: &words)
    return words
  }

  private static func gather(_ tokens: [Token], into words: inout [String]) {
    for token in tokens {
      switch token.kind {
      case .word(let word): words.append(word)
      case .keyword(let keyword): words.append(keyword.rawValue)
      case .string(let segments):
        for case .tokens(let inner) in segments { gather(inner, into: &words) }
      default: continue
      }
    }
  }
}
