/// What a question asks for.
package enum ItemKind: String, Sendable, CaseIterable {
  /// One of several answers, by its letter.
  case choice
  /// A number, a size in bytes among them.
  case number
  /// A word or a few.
  case text
  /// Any value, as an expression.
  case value
  /// Commands that define or do what is asked for.
  case code
  /// A checkpointing strategy.
  case strategy
  /// A guess, before a cell shows what is measured.
  case predict

  /// True where an answer is one expression, which `answer` stands for in the check.
  package var isExpression: Bool {
    switch self {
    case .number, .value, .predict: true
    case .choice, .text, .code, .strategy: false
    }
  }

  /// True where an answer is commands.
  package var isCode: Bool { self == .code || self == .strategy }
}
