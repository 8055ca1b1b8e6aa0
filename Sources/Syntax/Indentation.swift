/// Where the next line of a text that is not finished begins.
package enum Indentation {
  /// Spaces before that line: two for each line that leaves brackets open; two behind an operator
  /// or a comma outside all brackets.
  package static func spaces(after text: String) -> Int {
    let source = SourceText(name: "", text: text)
    var open: [(closer: Symbol, line: Int)] = []
    for token in Lexer.tokens(of: source) {
      guard case .symbol(let symbol) = token.kind else { continue }
      if let closer = symbol.closer {
        open.append((closer, source.position(at: token.lower).line))
      } else if symbol == open.last?.closer {
        open.removeLast()
      }
    }
    return 2 * max(1, Set(open.map(\.line)).count)
  }
}
