import Foundation

/// The grammar of grammar.md: its productions and its examples, read from the file itself.
struct Grammar {
  indirect enum Node {
    case terminal(String)
    case reference(String)
    case lineFeed
    case sequence([Node])
    case choice([Node])
    case optional(Node)
    case repetition(Node)
    case exception(Node, Node)
  }

  struct ReadingError: Error { let message: String }

  private(set) var productions: [String: Node] = [:]
  private(set) var order: [String] = []
  /// The `cairn` blocks of the file.
  private(set) var examples: [String] = []
  /// Productions without an example block behind them.
  private(set) var withoutExample: [String] = []

  /// Reads `grammar.md` at the root of the package.
  static func load() throws -> Grammar {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Grammar(
      markdown: String(contentsOf: root.appending(path: "grammar.md"), encoding: .utf8))
  }

  init(markdown: String) throws {
    var language: String?
    var block = ""
    var waiting: [String] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("```") else {
        if language != nil { block += line + "\n" }
        continue
      }
      switch language {
      case nil: language = String(line.dropFirst(3))
      case "ebnf":
        let before = order.count
        try read(block)
        if waiting.isEmpty || !order[before...].isEmpty { waiting += order[before...] }
        language = nil
      default:
        examples.append(block)
        waiting = []
        language = nil
      }
      block = ""
    }
    withoutExample = waiting
  }

  private mutating func read(_ text: String) throws {
    var reader = Reader(tokens: try Self.tokens(text))
    while let name = reader.peek {
      reader.index += 1
      try reader.expect("=")
      let node = try reader.choice()
      try reader.expect(";")
      guard productions.updateValue(node, forKey: name) == nil else {
        throw ReadingError(message: "\(name) is defined twice")
      }
      order.append(name)
    }
  }

  private static func tokens(_ text: String) throws -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
      } else if first == "\"" || first == "'" || first == "?" {
        guard let end = rest.dropFirst().firstIndex(of: first) else {
          throw ReadingError(message: "open quote: \(rest.prefix(20))")
        }
        tokens.append(String(rest[rest.startIndex..<end]))
        rest = rest[rest.index(after: end)...]
      } else if first.isLetter || first == "_" {
        let word = rest.prefix { $0.isLetter || $0 == "_" }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      } else {
        tokens.append(String(first))
        rest = rest.dropFirst()
      }
    }
    return tokens
  }

  private struct Reader {
    let tokens: [String]
    var index = 0

    init(tokens: [String]) { self.tokens = tokens }

    var peek: String? { index < tokens.count ? tokens[index] : nil }

    mutating func expect(_ token: String) throws {
      guard peek == token else {
        throw ReadingError(message: "expected \(token), found \(peek ?? "the end")")
      }
      index += 1
    }

    mutating func choice() throws -> Node {
      var choices = [try sequence()]
      while peek == "|" {
        index += 1
        choices.append(try sequence())
      }
      return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws -> Node {
      var nodes: [Node] = []
      while let token = peek, !["|", ";", ")", "]", "}"].contains(token) {
        var node = try item(token)
        if peek == "-" {
          index += 1
          guard let excepted = peek else { throw ReadingError(message: "nothing after -") }
          node = .exception(node, try item(excepted))
        }
        nodes.append(node)
      }
      return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func item(_ token: String) throws -> Node {
      index += 1
      switch token.first {
      case "\"", "'": return .terminal(String(token.dropFirst()))
      case "?": return .lineFeed
      case "(":
        let node = try choice()
        try expect(")")
        return node
      case "[":
        let node = try choice()
        try expect("]")
        return .optional(node)
      case "{":
        let node = try choice()
        try expect("}")
        return .repetition(node)
      default: return .reference(token)
      }
    }
  }
}
