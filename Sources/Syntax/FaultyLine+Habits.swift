/// What was meant at the place of a fault, by the tokens beside it.
extension FaultyLine {
  /// What is known of the line; the surest first.
  var habit: Finding? {
    guard !tokens.isEmpty, tokens.count <= FaultyLine.longest else { return nil }
    return invalid ?? word ?? symbol ?? end
  }

  /// Characters that make no token here.
  var invalid: Finding? {
    guard tokens.indices.contains(place), case .invalid = tokens[place].kind else { return nil }
    var changes: [Int: String] = [:]
    let found = text(place)
    switch found.first {
    case "&":
      for number in tokens.indices where text(number).first == "&" { changes[number] = "and" }
      return (.and, spelled(changes))
    case "|":
      for number in tokens.indices where text(number).first == "|" && !isAt(.pipe, number) {
        changes[number] = "or"
      }
      return (.or, spelled(changes))
    case "!":
      if isAt(.assign, place + 1) { return (.notEqual, nil) }
      return (.not, spelled([place: "not "]))
    case "^":
      for number in tokens.indices where text(number) == "^" { changes[number] = "**" }
      return (.power, spelled(changes))
    case "'", "‘", "’", "“", "”":
      let line = text(0, tokens.count)
      let quoted = String(line.map { "'‘’“”".contains($0) ? "\"" : $0 })
      return (.quotes, line.contains("\"") ? nil : shown(quoted))
    case "?": return (.ternary, ternary)
    case "$": return nil
    default: return nil
    }
  }

  /// Words that other languages have, at the place or just before it.
  var word: Finding? {
    let behind = text(place + 1, tokens.count)
    switch text(place) {
    case "elif", "elsif", "elseif": return (.elseIf, spelled([place: "else if"]))
    case "as" where text(0) == "import": return (.imports, nil)
    case "is" where place > 0: return (.isNone, behind == "none" ? spelled([place: "=="]) : nil)
    case "mod" where place > 0: return (.remainder, spelled([place: "%"]))
    case "div" where place > 0: return (.floorDivision, spelled([place: "//"]))
    case "not" where text(place + 1) == "in" && place > 0:
      return (.notIn, shown("not " + text(0, place) + " " + behind))
    case "with" where isAt(.rightBrace, place - 1): return strategyBehind
    case "with" where place == 0: return (.noGradient, nil)
    case "for" where text(0, place).contains("["): return (.comprehension, comprehension)
    case "return" where text(0) == "fn":
      return (.function, shown("\(text(0, place)) { \(text(place, tokens.count)) }"))
    default: break
    }
    guard place > 0 else { return nil }
    if text(place - 1) == "fn", isWord(place) {
      let function = "fn(\(text(place))) \(text(place + 1, tokens.count))"
      let before = text(0, place - 1)
      return (.namelessFunction, shown(before.isEmpty ? function : before + " " + function))
    }
    return wordBefore(place - 1)
  }

  /// A word that another language has, with something behind it that cannot follow a name.
  func wordBefore(_ number: Int) -> Finding? {
    let rest = text(number + 1, tokens.count)
    switch text(number) {
    case "var", "val", "const", "auto", "my", "local":
      return (.binding, spelled([number: "let"]))
    case "int", "float", "double", "string", "bool", "char", "Tensor":
      guard isAt(.assign, number + 2) else { break }
      return (.binding, spelled([number: "let"]))
    case "def", "function", "func", "fun", "sub", "proc": return (.function, function(number))
    case "lambda": return (.namelessFunction, lambda(number))
    case "class", "struct", "object", "module", "model": return (.classes, nil)
    case "elif", "elsif", "elseif": return (.elseIf, nil)
    case "from", "import", "using", "include", "require", "use":
      return number == 0 ? (.imports, nil) : nil
    case "print", "println", "printf", "echo", "puts", "say":
      return number == 0 ? (.call, shown("print(\(rest))")) : nil
    case "len": return (.call, shown(text(0, number) + " length(\(rest))"))
    case "raise", "throw", "panic", "die":
      return (.failing, isString(number + 1) ? shown("fail(\(text(number + 1)))") : nil)
    case "assert": return (.checking, shown("test \"check\" { expect \(rest) }"))
    case "del", "delete", "free": return (.letsGo, isWord(number + 1) ? "\(rest) = none" : nil)
    case "try", "except", "catch", "finally": return (.trying, nil)
    case "switch", "match", "case", "when": return (.choosing, nil)
    case "gradient", "plan":
      if isAt(.leftParenthesis, number + 1) { return (.calledGradient, nil) }
      guard isWord(number + 1) else { break }
      return (.targetsWithoutWrt, spelled([number: text(number) + " wrt"]))
    default: break
    }
    if isWord(number), isString(number + 1), tokens[number].upper == tokens[number + 1].lower {
      return (.interpolation, interpolation(number))
    }
    if number == 0, tokens.count == 2, isWord(0), !isAt(.leftBrace, 1), isArgument(1) {
      return nearStatement == nil ? (.call, shown("\(text(0))(\(text(1)))")) : nil
    }
    return nil
  }

  /// True where the token of that number, which the line has, is a name or a literal.
  func isArgument(_ number: Int) -> Bool {
    switch tokens[number].kind {
    case .word, .string, .integer, .float, .bytes: true
    default: false
    }
  }

  /// The word that begins a statement and was likely meant by the line's first one.
  var nearStatement: String? {
    guard text(0).count >= 4 else { return nil }
    return Suggestion.closest(to: text(0), among: Keywords.statementWords)
  }

  /// Symbols at the place reached.
  var symbol: Finding? {
    guard tokens.indices.contains(place), case .symbol(let symbol) = tokens[place].kind else {
      return nil
    }
    switch symbol {
    case .colon: return colon
    case .minus where isAt(.greater, place + 1) && text(0) == "fn": return (.types, untyped)
    case .assign: return assign
    case .equal where text(0) == "let" && place == 2:
      return (.assignment, spelled([place: "="]))
    case .dot where isAt(.dot, place - 1): return (.range, dots)
    case .dot where place + 1 < tokens.count && !isWord(place + 1):
      return (.point, spelled([place: "0."]))
    case .plus where isAt(.plus, place - 1) || isAt(.plus, place + 1):
      return (.increment, increment)
    case .comma: return comma
    case .leftParenthesis: return parenthesis
    case .leftBrace: return brace
    case .greater where isAt(.less, place - 1):
      return (.notEqual, spelled([place - 1: "!=", place: ""]))
    case .greater where isAt(.minus, place - 1) || isAt(.assign, place - 1):
      return (.namelessFunction, nil)
    case .floorDivide where place == 0, .divide where place == 0: return (.comment, comment)
    default: return nil
    }
  }

  /// `x[0:10]`, `if c: a`, `x := 3`, `let x: int = 3`
  var colon: Finding? {
    if isAt(.assign, place + 1) {
      let line = text(0, place) + " = " + text(place + 2, tokens.count)
      return (.assignment, shown(line.hasPrefix("let ") ? line : "let " + line))
    }
    if text(0) == "let", let equals = first(.assign, from: place) {
      return (.types, shown(text(0, place) + " " + text(equals, tokens.count)))
    }
    if let bracket = openBracket(before: place) {
      if isAt(.leftBracket, bracket) { return (.slice, slice(bracket)) }
      if ["fn", "layer", "forward"].contains(text(0)), isWord(place + 1) {
        return (.types, untyped)
      }
    }
    let rest = text(place + 1, tokens.count)
    let body = rest.isEmpty ? "{ }" : "{ \(rest) }"
    switch text(0) {
    case "if", "while", "for", "else", "fn", "layer", "repeat", "elif":
      return (.braces, shown(text(0, place) + " " + body))
    case "def": return (.function, function(0))
    case "try", "except", "finally": return (.trying, nil)
    default: return place == 0 ? (.session, nil) : nil
    }
  }

  /// The innermost bracket that is open at a place.
  func openBracket(before place: Int) -> Int? {
    var closed = 0
    for number in tokens.indices.reversed() where number < place {
      guard case .symbol(let symbol) = tokens[number].kind else { continue }
      if symbol.opener != nil { closed += 1 }
      if symbol.closer != nil {
        if closed == 0 { return number }
        closed -= 1
      }
    }
    return nil
  }

  /// `x[1:4]` of the bracket at a place, as `x[1..<4]`; an end that is left out is the length.
  func slice(_ bracket: Int) -> String? {
    guard let closer = partner(of: bracket), bracket > 0, isWord(bracket - 1) else { return nil }
    let parts = text(bracket + 1, closer).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts.contains(where: { $0.contains(":") || $0.contains(",") }) else {
      return nil
    }
    let name = text(bracket - 1)
    let ends = parts.map { $0.split(separator: " ").joined(separator: " ") }
    let lower = ends[0].isEmpty ? "0" : ends[0]
    let upper = ends[1].isEmpty ? "length(\(name))" : ends[1]
    let tail = SourceRange(source, tokens[closer].upper, tokens[tokens.count - 1].upper).text
    return shown(text(0, bracket) + "[\(lower)..<\(upper)]" + tail)
  }

  /// `f(axis=0)`, `fn f(x) = x`, `a === b`, `for i = 0 to 3`
  var assign: Finding? {
    if isAt(.equal, place - 1) { return (.equal, spelled([place: ""])) }
    if isAt(.greater, place + 1) || text(0) == "fn" { return (.function, arrow) }
    if let bracket = openBracket(before: place), isAt(.leftParenthesis, bracket), isWord(place - 1)
    {
      return (.label, labels)
    }
    return text(0) == "for" ? (.countedLoop, nil) : nil
  }

  /// Every `name=value` between parentheses as `name: value`.
  var labels: String? {
    var text = ""
    for (number, token) in tokens.enumerated() {
      let isLabel =
        isAt(.assign, number) && isWord(number - 1)
        && openBracket(before: number).map { isAt(.leftParenthesis, $0) } == true
      let wasLabel = isAt(.assign, number - 1) && text.hasSuffix(": ")
      if number > 0, !isLabel, !wasLabel {
        text += SourceRange(source, tokens[number - 1].upper, token.lower).text
      }
      text += isLabel ? ": " : self.text(number)
    }
    return shown(text)
  }

  /// `fn f(x) = x`, `fn(x) => x`
  var arrow: String? {
    guard let parenthesis = first(.rightParenthesis) else { return nil }
    var body = parenthesis + 1
    while isAt(.assign, body) || isAt(.greater, body) || isAt(.minus, body) { body += 1 }
    guard text(0) == "fn", body < tokens.count else { return nil }
    return shown("\(text(0, parenthesis + 1)) { \(text(body, tokens.count)) }")
  }

  /// `fn f(x: int) -> int { x }`
  var untyped: String? {
    var text = ""
    var skipped = false
    for number in tokens.indices {
      let isType =
        isAt(.colon, number) || isAt(.minus, number) && isAt(.greater, number + 1)
        || isAt(.greater, number) && isAt(.minus, number - 1)
      let wasType = isAt(.colon, number - 1) || isAt(.greater, number - 1)
      guard !isType, !(wasType && skipped) else {
        skipped = isType
        continue
      }
      if number > 0, !skipped || isAt(.leftBrace, number) {
        text += SourceRange(source, tokens[number - 1].upper, tokens[number].lower).text
      }
      skipped = false
      text += self.text(number)
    }
    return shown(text)
  }

  /// `0..3`
  var dots: String? {
    guard place + 1 < tokens.count else { return nil }
    return spelled([place - 1: "..<", place: ""])
  }

  /// `i++`, `++i`
  var increment: String? {
    guard tokens.count == 3 else { return nil }
    if isWord(0) { return "\(text(0)) += 1" }
    return isWord(2) ? "\(text(2)) += 1" : nil
  }

  /// `(1, 2)`, `a, b = 1, 2`
  var comma: Finding? {
    if place == 1, let equals = first(.assign), equals + 1 < tokens.count,
      (0..<equals).allSatisfy({ $0 % 2 == 0 ? isWord($0) : isAt(.comma, $0) })
    {
      let values = text(equals + 1, tokens.count)
      let areSeveral = (equals..<tokens.count).contains {
        isAt(.comma, $0) && openBracket(before: $0) == nil
      }
      let list = areSeveral ? "[\(values)]" : values
      return (.binding, shown("let \(text(0, equals)) = \(list)"))
    }
    guard let bracket = openBracket(before: place), isAt(.leftParenthesis, bracket),
      let closer = partner(of: bracket)
    else { return nil }
    return (.tuple, spelled([bracket: "[", closer: "]"]))
  }

  /// `for (i in 0..<3)`, `let (a, b) = …`, `fn f x`
  var parenthesis: Finding? {
    guard let closer = partner(of: place) else { return nil }
    switch text(0) {
    case "for" where place == 1:
      if first(.semicolon) != nil { return (.countedLoop, nil) }
      return (.parentheses, spelled([place: "", closer: ""]))
    case "let": return (.parentheses, spelled([place: "", closer: ""]))
    default: return nil
    }
  }

  /// `{"a": 1}`
  var brace: Finding? {
    if text(0) == "fn", place <= 2 {
      return (.nullary, spelled([place - 1: text(place - 1) + "()"]))
    }
    guard isAt(.rightBrace, place + 1) || isAt(.colon, place + 2) else { return nil }
    guard let closer = partner(of: place) else { return (.dictionary, nil) }
    let isEmpty = closer == place + 1
    return (.dictionary, spelled([place: isEmpty ? "[:" : "[", closer: "]"]))
  }

  /// `// a comment`, `/* a comment */`
  var comment: String? {
    var words = text(place + 1, tokens.count)
    while let last = words.last, "*/ ".contains(last) { words.removeLast() }
    while let first = words.first, "*/ ".contains(first) { words.removeFirst() }
    return shown("# " + words)
  }

  /// `let x`, `5.`
  var end: Finding? {
    guard place == tokens.count else { return nil }
    if isAt(.dot, place - 1), place > 1, case .integer = tokens[place - 2].kind {
      return (.point, spelled([place - 1: ".0"]))
    }
    if text(0) == "let", tokens.count == 2 { return (.value, text(0, 2) + " = 0") }
    if place == 3, isWord(0), text(1) == text(2), ["+", "-"].contains(text(2)) {
      return (.increment, "\(text(0)) \(text(2))= 1")
    }
    if let with = tokens.indices.first(where: { text($0) == "with" }),
      text(with + 1) == "checkpoint"
    {
      return (.markedStrategy, spelled([with + 1: "marked"]))
    }
    return nil
  }
}
