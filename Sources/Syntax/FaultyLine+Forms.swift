/// Forms of other languages that take a whole line, respelled.
extension FaultyLine {
  /// `c ? a : b`
  var ternary: String? {
    guard let colon = first(.colon, from: place) else { return nil }
    let start = (tokens.indices.last { $0 < place && isAt(.assign, $0) } ?? -1) + 1
    let choice =
      "if \(text(start, place)) { \(text(place + 1, colon)) } else "
      + "{ \(text(colon + 1, tokens.count)) }"
    return shown(start > 0 ? text(0, start) + " " + choice : choice)
  }

  /// `def f(x): return x`
  func function(_ number: Int) -> String? {
    guard let parenthesis = first(.rightParenthesis, from: number), isWord(number + 1) else {
      return nil
    }
    let head = "fn " + text(number + 1, parenthesis + 1)
    if let brace = first(.leftBrace, from: parenthesis) {
      return shown("\(head) \(text(brace, tokens.count))")
    }
    guard let colon = first(.colon, from: parenthesis) else { return nil }
    let body = text(colon + 1, tokens.count)
    return shown(body.isEmpty ? "\(head) { }" : "\(head) { \(body) }")
  }

  /// `lambda x: x`
  func lambda(_ number: Int) -> String? {
    guard let colon = first(.colon, from: number) else { return nil }
    let function =
      "fn(\(text(number + 1, colon))) { \(text(colon + 1, tokens.count)) }"
    return shown(number > 0 ? text(0, number) + " " + function : function)
  }

  /// `[E for V in S]`
  var comprehension: String? {
    guard let bracket = openBracket(before: place), let closer = partner(of: bracket),
      isWord(place + 1), text(place + 2) == "in"
    else { return nil }
    let map =
      "map(fn(\(text(place + 1))) { \(text(bracket + 1, place)) }, \(text(place + 3, closer)))"
    return shown(bracket > 0 ? text(0, bracket) + " " + map : map)
  }

  /// `gradient wrt net { … } with sqrt_n`
  var strategyBehind: Finding? {
    guard
      let brace = tokens.indices.first(where: {
        partner(of: $0) == place - 1 && isAt(.leftBrace, $0)
      })
    else { return (.strategyBehind, nil) }
    return (
      .strategyBehind,
      shown(
        text(0, brace) + " " + text(place, tokens.count) + " " + text(brace, place))
    )
  }

  /// `f"a {x}"`
  func interpolation(_ number: Int) -> String? {
    var string = ""
    for character in text(number + 1) {
      switch character {
      case "{": string += "\\("
      case "}": string += ")"
      default: string.append(character)
      }
    }
    return spelled([number: "", number + 1: string])
  }
}
