/// A small generator of random numbers, the same on every machine (SplitMix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Derives sentences at random from a grammar, with the rules of white space that grammar.md gives.
struct SentenceGenerator {
  let grammar: Grammar
  private var dice: Dice
  private(set) var reached: Set<String> = []
  private var heights: [String: Int] = [:]

  private var text = ""
  private var tokenCount = 0
  /// True inside a token: no white space.
  private var isGlued = false
  private var isGlueNext = false
  private var isNewlineAllowedNext = false
  private var open: [String] = []
  private var interpolations = 0

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    self.dice = Dice(state: seed)
    var isChanged = true
    while isChanged {
      isChanged = false
      for name in grammar.order {
        guard let node = grammar.productions[name] else { continue }
        let height = min(height(node) + 1, 10_000)
        if height < heights[name, default: 10_000] {
          heights[name] = height
          isChanged = true
        }
      }
    }
  }

  /// A sentence derived from a production.
  mutating func sentence(from start: String) -> String {
    (text, tokenCount, isGlued, isGlueNext) = ("", 0, false, false)
    (isNewlineAllowedNext, open, interpolations) = (false, [], 0)
    derive(.reference(start), 0)
    return text
  }

  private func height(_ node: Grammar.Node) -> Int {
    switch node {
    case .terminal, .lineFeed, .optional, .repetition: 0
    case .reference("GLUE"): 0
    case .reference(let name): heights[name, default: 10_000]
    case .sequence(let nodes): nodes.map(height).max() ?? 0
    case .choice(let nodes): nodes.map(height).min() ?? 0
    case .exception(let node, _): height(node)
    }
  }

  /// True for what cannot stand on one line.
  private func needsNewline(_ node: Grammar.Node) -> Bool {
    switch node {
    case .lineFeed: true
    case .reference("NEWLINE"): true
    case .reference(let name) where name == "line" || name == "layer_line":
      grammar.productions[name].map(needsNewline) ?? false
    case .sequence(let nodes): nodes.contains(where: needsNewline)
    case .choice(let nodes): nodes.allSatisfy(needsNewline)
    default: false
    }
  }

  private mutating func derive(_ node: Grammar.Node, _ depth: Int) {
    let isTired = depth > 70 || tokenCount > 120
    switch node {
    case .terminal(let word): emit(word)
    case .lineFeed: emit("\n")
    case .reference("GLUE"): isGlueNext = true
    case .reference(let name):
      guard let body = grammar.productions[name] else {
        preconditionFailure("\(name) is not defined")
      }
      reached.insert(name)
      let wasGlued = isGlued
      let isToken = name == name.uppercased()
      if isToken, !wasGlued, name != "NEWLINE" { space() }
      isGlued = isToken
      if wasGlued, !isToken { interpolations += 1 }
      derive(body, depth + 1)
      if wasGlued, !isToken { interpolations -= 1 }
      isGlued = wasGlued
    case .sequence(let nodes): for node in nodes { derive(node, depth) }
    case .choice(let nodes):
      let least = nodes.map(height).min() ?? 0
      let candidates = isTired ? nodes.filter { height($0) == least } : nodes
      derive(candidates[Int.random(in: 0..<candidates.count, using: &dice)], depth)
    case .optional(let node):
      if interpolations > 0, needsNewline(node) { return }
      if !isTired, dice.chance(35) { derive(node, depth) }
    case .repetition(let node):
      if interpolations > 0, needsNewline(node) { return }
      while !isTired, tokenCount < 120, dice.chance(depth < 2 ? 75 : 25) { derive(node, depth) }
    case .exception(let node, let excepted):
      if case .reference(let name) = excepted { reached.insert(name) }
      let before = text
      repeat {
        text = before
        derive(node, depth)
      } while words(excepted).contains(String(text.dropFirst(before.count)))
    }
  }

  private func words(_ node: Grammar.Node) -> Set<String> {
    switch node {
    case .terminal(let word): [word]
    case .reference(let name): grammar.productions[name].map(words) ?? []
    case .choice(let nodes): nodes.reduce(into: []) { $0.formUnion(words($1)) }
    default: []
    }
  }

  /// Space before a token, or the newline or comment that may stand there.
  private mutating func space() {
    defer { (isGlueNext, isNewlineAllowedNext) = (false, false) }
    guard !isGlueNext else { return }
    let isInBrackets = open.last == "(" || open.last == "["
    if interpolations == 0, isNewlineAllowedNext || isInBrackets, dice.chance(8) {
      text += dice.chance(30) ? " # aside\n" : "\n"
    }
    text += " "
  }

  private mutating func emit(_ word: String) {
    tokenCount += 1
    if isGlued {
      text += word
      return
    }
    space()
    text += word
    switch word {
    case "(", "[", "{": open.append(word)
    case ")", "]", "}": open.removeLast()
    case ",", "=", "|>", "or", "and", "not", "~=", "within", "..<", "...", "+", "-", "*", "/",
      "//", "%", "@", "**":
      isNewlineAllowedNext = true
    default: break
    }
  }
}
