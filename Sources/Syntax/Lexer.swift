/// Cuts a text into tokens. Never fails: what makes no token becomes an `invalid` one.
///
/// The tokens always end with a newline (of no width where the text lacks one) and `end`.
struct Lexer {
  /// What faults point into.
  let source: SourceText
  /// The UTF-8 of `source`.
  let bytes: [UInt8]
  /// The place reached, in bytes.
  var offset = 0

  /// Strings nested in interpolations deeper than this are refused.
  static let stringDepthLimit = 64

  private init(_ source: SourceText) {
    self.source = source
    self.bytes = source.bytes
  }

  /// The tokens of a whole text, or, where `isStopped` comes to be true, of its beginning.
  static func tokens(
    of source: SourceText, isStopped: () -> Bool = { false }
  ) -> [Token] {
    var lexer = Lexer(source)
    if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { lexer.offset = 3 }
    var tokens: [Token] = []
    tokens.reserveCapacity(source.bytes.count / 4 + 2)
    while let token = lexer.next(depth: 0) {
      tokens.append(token)
      if tokens.count % 1024 == 0, isStopped() { break }
    }
    let count = source.bytes.count
    if case .newline? = tokens.last?.kind {
    } else {
      tokens.append(Token(kind: .newline, lower: count, upper: count))
    }
    tokens.append(Token(kind: .end, lower: count, upper: count))
    return tokens
  }

  /// The value of a text that is one number or byte literal and nothing else.
  static func literal(_ text: String) -> Token.Kind? {
    guard let first = text.utf8.first, Character.isDigit(first) else { return nil }
    var lexer = Lexer(SourceText(name: "", text: text))
    let token = lexer.number()
    return lexer.offset == lexer.bytes.count ? token.kind : nil
  }

  /// The byte `ahead` places on; zero behind the end.
  func byte(_ ahead: Int = 0) -> UInt8 {
    offset + ahead < bytes.count ? bytes[offset + ahead] : 0
  }

  /// The range from `start` to the place reached.
  func range(_ start: Int) -> SourceRange { SourceRange(source, start, offset) }

  /// A token from `start` to the place reached.
  func token(_ kind: Token.Kind, _ start: Int) -> Token {
    Token(kind: kind, lower: start, upper: offset)
  }

  /// The next token; `nil` at the end.
  mutating func next(depth: Int) -> Token? {
    while offset < bytes.count, Character.isBlank(bytes[offset]) { offset += 1 }
    guard offset < bytes.count else { return nil }
    let start = offset
    let first = bytes[offset]
    switch first {
    case UInt8(ascii: "\n"):
      offset += 1
      return token(.newline, start)
    case UInt8(ascii: "#"):
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      return token(.comment(trimmedText(start, offset)), start)
    case UInt8(ascii: "\""):
      return string(depth: depth)
    case _ where Character.isDigit(first):
      return number()
    case _ where Character.isLetter(first):
      return word()
    case _ where first >= 0x80:
      guard let (scalar, _) = scalar(at: offset), scalar.properties.isXIDStart else {
        return invalid()
      }
      return word()
    default:
      return symbol() ?? invalid()
    }
  }

  /// The text between two offsets without the white space at its end.
  private func trimmedText(_ lower: Int, _ upper: Int) -> String {
    var upper = upper
    while upper > lower, Character.isBlank(bytes[upper - 1]) { upper -= 1 }
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// A name or a reserved word.
  private mutating func word() -> Token {
    let start = offset
    skipWord()
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if let keyword = Keyword(rawValue: text) { return token(.keyword(keyword), start) }
    return token(.word(text), start)
  }

  /// Skips the letters, digits and underscores of a word.
  mutating func skipWord() {
    while offset < bytes.count {
      if Character.isLetter(bytes[offset]) || Character.isDigit(bytes[offset]) {
        offset += 1
      } else if bytes[offset] >= 0x80, let (scalar, width) = scalar(at: offset),
        scalar.properties.isXIDContinue
      {
        offset += width
      } else {
        return
      }
    }
  }

  /// True where a letter, digit or underscore stands at the place reached.
  var isAtWord: Bool {
    guard offset < bytes.count else { return false }
    if bytes[offset] < 0x80 {
      return Character.isLetter(bytes[offset]) || Character.isDigit(bytes[offset])
    }
    return scalar(at: offset)?.0.properties.isXIDContinue ?? false
  }

  /// The longest symbol at the place reached; `nil`, and nothing taken, where there is none.
  private mutating func symbol() -> Token? {
    let start = offset
    for length in [3, 2, 1] where start + length <= bytes.count {
      let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
      if let symbol = Symbol(rawValue: text) {
        offset += length
        return token(.symbol(symbol), start)
      }
    }
    return nil
  }

  /// A run of characters that make no token.
  private mutating func invalid() -> Token {
    let start = offset
    let first = scalar(at: offset)?.0 ?? "\u{FFFD}"
    offset += scalar(at: offset)?.1 ?? 1
    while let (scalar, width) = scalar(at: offset), scalar == first { offset += width }
    offset = min(offset, bytes.count)
    return token(.invalid(.strayCharacter(first, at: range(start))), start)
  }

  /// The Unicode scalar at an offset and its width in bytes; `nil` at the end.
  func scalar(at offset: Int) -> (Unicode.Scalar, Int)? {
    guard offset < bytes.count else { return nil }
    let first = bytes[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let text = String(decoding: bytes[offset..<min(offset + width, bytes.count)], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return nil }
    return (scalar, width)
  }
}

extension Character {
  /// Space, tab or carriage return.
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// `0` to `9`.
  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// `a` to `z`, `A` to `Z`, `_`.
  static func isLetter(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")) || byte == UInt8(ascii: "_")
  }
}
