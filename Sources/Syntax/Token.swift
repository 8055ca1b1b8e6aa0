/// A word of the text: what it is and where it stands.
struct Token: Sendable {
  /// What it is, with its value where it has one.
  let kind: Kind
  /// The UTF-8 offset of its first byte.
  let lower: Int
  /// The UTF-8 offset behind its last byte.
  let upper: Int

  /// The sorts of tokens.
  enum Kind: Sendable {
    /// A name, or a word that acts as a keyword only in some places.
    case word(String)
    /// A reserved word.
    case keyword(Keyword)
    /// `42`, `1_000`, `0x1F`
    case integer(Int)
    /// `0.5`, `1e-3`
    case float(Double)
    /// `64 KiB`: the count in bytes
    case bytes(Int)
    /// `"…"`
    case string([Segment])
    /// An operator or punctuation.
    case symbol(Symbol)
    /// The end of a line.
    case newline
    /// `#` and what follows it on its line.
    case comment(String)
    /// Characters that make no token, with the fault they are.
    indirect case invalid(Diagnostic)
    /// The end of the text, or of an interpolation.
    case end
  }

  /// A part of a string: text with its escapes resolved, or the tokens of an interpolation,
  /// which end with its `)`.
  enum Segment: Sendable {
    case text(String)
    case tokens([Token])
  }
}

/// The reserved words: none of them can name a value.
enum Keyword: String, Sendable, CaseIterable {
  case `let`, fn, layer
  case `if`, `else`, `for`, `in`, `while`, `return`, `break`, `continue`
  case `true`, `false`, none, and, or, not
  case gradient, wrt, with, checkpoint
}

/// Operators and punctuation.
enum Symbol: String, Sendable, CaseIterable {
  case pipe = "|>"
  case equal = "=="
  case notEqual = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case approximately = "~="
  case plusAssign = "+="
  case minusAssign = "-="
  case multiplyAssign = "*="
  case divideAssign = "/="
  case floorDivideAssign = "//="
  case remainderAssign = "%="
  case powerAssign = "**="
  case atAssign = "@="
  case closedRange = "..."
  case halfOpenRange = "..<"
  case power = "**"
  case floorDivide = "//"
  case less = "<"
  case greater = ">"
  case plus = "+"
  case minus = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case at = "@"
  case assign = "="
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."

  /// The bracket that closes this one; `nil` where this opens nothing.
  var closer: Symbol? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// The bracket that this one closes; `nil` where this closes nothing.
  var opener: Symbol? {
    switch self {
    case .rightParenthesis: .leftParenthesis
    case .rightBracket: .leftBracket
    case .rightBrace: .leftBrace
    default: nil
    }
  }

  /// True for operators, which `help` takes as topics; false for punctuation.
  var isOperator: Bool {
    switch self {
    case .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace,
      .rightBrace, .assign, .comma, .colon, .semicolon, .dot:
      false
    default: true
    }
  }

  /// The operator that an assignment such as `+=` applies; `nil` for other symbols.
  var assignedOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .multiplyAssign: .multiply
    case .divideAssign: .divide
    case .floorDivideAssign: .floorDivide
    case .remainderAssign: .remainder
    case .powerAssign: .power
    case .atAssign: .matrixMultiply
    default: nil
    }
  }
}
