/// Strings: escapes and interpolation. A string ends on the line it began on.
extension Lexer {
  /// A string from its `"` to the one that ends it, inside `depth` interpolations; an `invalid`
  /// token where the line ends first or an escape is unknown.
  mutating func string(depth: Int) -> Token {
    let start = offset
    var segments: [Token.Segment] = []
    var text: [UInt8] = []
    var fault: Diagnostic?
    offset += 1
    while true {
      guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") else {
        return token(.invalid(.openString(at: range(start))), start)
      }
      if bytes[offset] == UInt8(ascii: "\"") { break }
      if bytes[offset] != UInt8(ascii: "\\") {
        text.append(bytes[offset])
        offset += 1
      } else if byte(1) == UInt8(ascii: "(") {
        if !text.isEmpty { segments.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        offset += 2
        guard let tokens = interpolation(depth: depth + 1) else {
          skipLine()
          return token(.invalid(.openString(at: range(start))), start)
        }
        segments.append(.tokens(tokens))
      } else if let scalar = escape() {
        text.append(contentsOf: String(scalar).utf8)
      } else {
        let lower = offset
        offset = min(offset + 2, bytes.count)
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        if bytes[offset - 1] == UInt8(ascii: "\n") { offset -= 1 }
        fault = fault ?? .unknownEscape(at: range(lower))
      }
    }
    offset += 1
    if let fault { return token(.invalid(fault), start) }
    if !text.isEmpty || segments.isEmpty {
      segments.append(.text(String(decoding: text, as: UTF8.self)))
    }
    return token(.string(segments), start)
  }

  /// The tokens of an interpolation up to its `)`; `nil` where the line ends first.
  private mutating func interpolation(depth: Int) -> [Token]? {
    guard depth <= Self.stringDepthLimit else { return nil }
    var tokens: [Token] = []
    var open = 0
    while let token = next(depth: depth) {
      tokens.append(token)
      switch token.kind {
      case .newline: return nil
      case .symbol(.leftParenthesis): open += 1
      case .symbol(.rightParenthesis):
        if open == 0 {
          tokens.append(Token(kind: .end, lower: offset, upper: offset))
          return tokens
        }
        open -= 1
      default: break
      }
    }
    return nil
  }

  /// Takes `\n`, `\t`, `\r`, `\"`, `\\` or `\u{…}`; `nil`, and nothing taken, where it is none.
  private mutating func escape() -> Unicode.Scalar? {
    let simple: Unicode.Scalar? =
      switch byte(1) {
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "t"): "\t"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "\""): "\""
      case UInt8(ascii: "\\"): "\\"
      default: nil
      }
    if let simple {
      offset += 2
      return simple
    }
    guard byte(1) == UInt8(ascii: "u"), byte(2) == UInt8(ascii: "{") else { return nil }
    var end = offset + 3
    while end < bytes.count, bytes[end] != UInt8(ascii: "}"), end < offset + 9 { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "}"),
      let code = UInt32(String(decoding: bytes[offset + 3..<end], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(code)
    else { return nil }
    offset = end + 1
    return scalar
  }

  /// Moves to the end of the line.
  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
  }
}
