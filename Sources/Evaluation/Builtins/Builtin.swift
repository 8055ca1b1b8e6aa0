import Syntax

/// A function of the interpreter: its parameters, its help, and what it does.
package final class Builtin: Sendable {
  /// One parameter. Arguments fill parameters in order; labels may name them.
  struct BuiltinParameter: Sendable {
    let name: String
    /// Shown in help and used where the argument is missing; `nil` where it is required.
    let defaultText: String?
    /// Words that stand for themselves as a value of this parameter: `dtype: f32`.
    let words: [String]

    init(_ name: String, default defaultText: String? = nil, words: [String] = []) {
      self.name = name
      self.defaultText = defaultText
      self.words = words
    }
  }

  typealias Body = @Sendable (Arguments, Interpreter) throws(Fault) -> Value

  package let name: String
  let parameters: [BuiltinParameter]
  /// True where any number of unlabelled arguments is taken: they are `arguments.rest`.
  let isVariadic: Bool
  /// What it gives: one sentence.
  package let summary: String
  /// A line of Cairn that uses it.
  package let example: String
  let body: Body

  init(
    _ name: String, _ parameters: [BuiltinParameter], variadic: Bool = false, summary: String,
    example: String, body: @escaping Body
  ) {
    self.name = name
    self.parameters = parameters
    self.isVariadic = variadic
    self.summary = summary
    self.example = example
    self.body = body
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
    var values: [PassedArgument?] = Array(repeating: nil, count: builtin.parameters.count)
    var rest: [PassedArgument] = []
    var next = 0
    for argument in passed {
      var index: Int
      if let label = argument.label {
        guard let found = builtin.parameters.firstIndex(where: { $0.name == label.name }) else {
          throw Fault(
            .unknownLabel(
              label.name, of: builtin.name, known: builtin.parameters.map(\.name), at: label.range))
        }
        index = found
      } else if builtin.isVariadic {
        rest.append(argument)
        continue
      } else {
        while next < values.count, values[next] != nil { next += 1 }
        index = next
      }
      guard index < values.count else {
        throw Fault(
          .argumentCount(
            builtin.name, expected: builtin.parameters.map(\.name), found: passed.count, at: range))
      }
      guard values[index] == nil else {
        throw Fault(
          .repeatedArgument(builtin.parameters[index].name, of: builtin.name, at: argument.range))
      }
      values[index] = argument
    }
    for (parameter, value) in zip(builtin.parameters, values)
    where value == nil && parameter.defaultText == nil {
      throw Fault(
        .missingArgument(
          parameter.name, of: builtin.name, expected: builtin.parameters.map(\.name), at: range))
    }
    return try builtin.body(
      Arguments(builtin: builtin, values: values, rest: rest, range: range, machine: self), self)
  }
}
