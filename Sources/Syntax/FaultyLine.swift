/// The tokens of one line, and the place in it that is at fault.
struct FaultyLine {
  /// What the tokens were cut from.
  let source: SourceText
  /// Without comments, newlines and the end.
  let tokens: [Token]
  /// The number of the token at fault; the count of tokens where it is the line's end.
  let place: Int

  /// Longer lines are not looked at.
  static let longest = 200

  /// What a line is told to be.
  typealias Finding = (Habit, String?)

  /// The line that the reader has reached.
  init(_ reader: ScriptReader) {
    source = reader.source
    var first = reader.index
    while first > 0, !FaultyLine.isEnd(reader.tokens[first - 1]) { first -= 1 }
    var last = reader.index
    while last < reader.tokens.count, !FaultyLine.isEnd(reader.tokens[last]) { last += 1 }
    tokens = Array(reader.tokens[first..<max(first, last)])
    place = reader.index - first
  }

  /// True where a line ends.
  static func isEnd(_ token: Token) -> Bool {
    switch token.kind {
    case .newline, .comment, .end: true
    default: false
    }
  }

  /// A token as it is spelled; empty where there is none of that number.
  func text(_ number: Int) -> String {
    guard tokens.indices.contains(number) else { return "" }
    return SourceRange(source, tokens[number].lower, tokens[number].upper).text
  }

  /// The source from one token up to but not including another; empty where there is none.
  func text(_ lower: Int, _ upper: Int) -> String {
    guard lower < upper, lower >= 0, upper <= tokens.count else { return "" }
    return SourceRange(source, tokens[lower].lower, tokens[upper - 1].upper).text
  }

  /// True where the token of that number is the symbol.
  func isAt(_ symbol: Symbol, _ number: Int) -> Bool {
    guard tokens.indices.contains(number), case .symbol(symbol) = tokens[number].kind else {
      return false
    }
    return true
  }

  /// True where the token of that number is a word that is not reserved.
  func isWord(_ number: Int) -> Bool {
    guard tokens.indices.contains(number), case .word = tokens[number].kind else { return false }
    return true
  }

  /// True where the token of that number is a whole string.
  func isString(_ number: Int) -> Bool {
    guard tokens.indices.contains(number), case .string = tokens[number].kind else { return false }
    return true
  }

  /// The number of the first such symbol from a token on; `nil` where there is none.
  func first(_ symbol: Symbol, from number: Int = 0) -> Int? {
    tokens.indices.first { $0 >= number && isAt(symbol, $0) }
  }

  /// The bracket that closes the one at a place.
  func partner(of number: Int) -> Int? {
    var open = 0
    for place in number..<tokens.count {
      guard case .symbol(let symbol) = tokens[place].kind else { continue }
      if symbol.closer != nil { open += 1 }
      if symbol.opener != nil { open -= 1 }
      if open == 0 { return place }
    }
    return nil
  }

  /// The line with some of its tokens spelled otherwise, where that is short enough to show.
  func spelled(_ changes: [Int: String]) -> String? {
    var text = ""
    for (number, token) in tokens.enumerated() {
      if number > 0 {
        text += SourceRange(source, tokens[number - 1].upper, token.lower).text
      }
      text += changes[number] ?? self.text(number)
    }
    return shown(text)
  }

  /// A line of code as a hint can show it, between backticks; `nil` where it has more than 100
  /// characters or a backtick of its own.
  func shown(_ text: String) -> String? {
    text.count <= 100 && !text.contains("`") ? text.trimmingBlanks : nil
  }
}

extension String {
  /// Without the blanks at its ends.
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
