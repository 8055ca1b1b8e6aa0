import Syntax

/// A function of the interpreter: its parameters, its help, and what it does.
package final class Builtin: Sendable {
  /// One parameter. Arguments fill parameters in order; labels may name them.
  struct BuiltinParameter: Sendable {
    /// As labels name it, and as help shows it.
    let name: String
    /// Shown in help and used where the argument is missing; `nil` where it is required.
    let defaultText: String?
    /// Words that stand for themselves as a value of this parameter: `dtype: f32`.
    let words: [String]

    /// A parameter without a default is required.
    init(_ name: String, default defaultText: String? = nil, words: [String] = []) {
      self.name = name
      self.defaultText = defaultText
      self.words = words
    }
  }

  typealias Body = @Sendable (Arguments, Interpreter) throws(Fault) -> Value

  /// What a builtin gives for one argument without a label where that takes a few instructions;
  /// `nil` where it is called as others are.
  typealias Quick = @Sendable (Value) -> Value?

  /// The same for two arguments.
  typealias QuickPair = @Sendable (Value, Value) -> Value?

  /// As it is called in the language.
  package let name: String
  /// In the order in which unlabelled arguments fill them.
  let parameters: [BuiltinParameter]
  /// Words that stand for themselves as a value of one of them.
  let words: Set<String>
  /// True where any number of unlabelled arguments is taken: they are `arguments.rest`.
  let isVariadic: Bool
  /// What it gives: one sentence.
  package let summary: String
  /// A line of Cairn that uses it.
  package let example: String
  /// Computes its value from matched arguments. Called through `Interpreter.call`.
  let body: Body
  /// The short way for what is called often; `nil` where there is none.
  let quick: Quick?
  /// The same for two arguments.
  let quickPair: QuickPair?

  /// `body` may run on any interpreter: it keeps nothing between calls.
  init(
    _ name: String, _ parameters: [BuiltinParameter], variadic: Bool = false, summary: String,
    example: String, quick: Quick? = nil, quickPair: QuickPair? = nil, body: @escaping Body
  ) {
    self.name = name
    self.parameters = parameters
    words = Set(parameters.flatMap(\.words))
    self.isVariadic = variadic
    self.summary = summary
    self.example = example
    self.body = body
    self.quick = quick
    self.quickPair = quickPair
  }

  /// `sum(x, axis: none, keepdims: false)`
  package var signature: String {
    var parts = parameters.map { parameter in
      parameter.defaultText.map { "\(parameter.name): \($0)" } ?? parameter.name
    }
    if isVariadic { parts.insert("…", at: 0) }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension Interpreter {
  /// Calls a builtin: arguments are matched to its parameters first.
  func call(
    _ builtin: Builtin, _ passed: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    try tick(at: range)
    return try builtin.body(Arguments(passed, to: builtin, at: range, machine: self), self)
  }
}
