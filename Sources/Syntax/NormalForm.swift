/// What stays of a script when layout, comments and the choice of names are put aside.
package enum NormalForm {
  /// The words of a script as the formatter lays it out: each name stands as the number of its
  /// first appearance, so that scripts which differ in names alone have the same words. `nil` where
  /// the text cannot be parsed.
  package static func words(of source: SourceText) -> [String]? {
    let result = Parser.parse(source)
    guard result.faults.isEmpty else { return nil }
    let laidOut = SourceText(name: source.name, text: Formatter.format(result.script))
    var names: [String: Int] = [:]
    return words(Lexer.tokens(of: laidOut), laidOut.bytes, &names)
  }

  private static func words(
    _ tokens: [Token], _ bytes: [UInt8], _ names: inout [String: Int]
  ) -> [String] {
    tokens.flatMap { token -> [String] in
      switch token.kind {
      case .word(let name):
        let number = names[name] ?? names.count
        names[name] = number
        return ["name \(number)"]
      case .string(let segments):
        return segments.flatMap { segment in
          switch segment {
          case .text(let text): ["\"" + text]
          case .tokens(let tokens): words(tokens, bytes, &names)
          }
        }
      case .newline, .comment, .end: return []
      case .keyword, .integer, .float, .bytes, .symbol, .invalid:
        return [String(decoding: bytes[token.lower..<token.upper], as: UTF8.self)]
      }
    }
  }
}
