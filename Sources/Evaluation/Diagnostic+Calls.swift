import Syntax
import Tensors
import Writing

/// The wording of calls: labels, counts of arguments, what can be called.
extension Diagnostic {
  /// An argument whose label is the name of no parameter, or of no option of a test.
  static func unknownLabel(
    _ label: String, of function: String, known: [String], at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .name, "unknown-label", "\(function) has no parameter `\(label)`", at: range,
      hint: Suggestion.closest(to: label, among: known).map { "did you mean `\($0)`?" }
        ?? (known.isEmpty
          ? "it takes no arguments"
          : "it takes " + known.joined(separator: ", ")))
  }

  /// Arguments of the wrong number. `expected` are the names of the parameters.
  static func argumentCount(
    _ function: String, expected: [String], found: Int, at range: SourceRange
  ) -> Diagnostic {
    let wanted = expected.isEmpty ? "no arguments" : "(\(expected.joined(separator: ", ")))"
    return Diagnostic(
      .type, "argument-count",
      "\(function) takes \(wanted), but \(found) \(CountFormat.noun(found, "was", "were")) given",
      at: range,
      hint: "`help \(function)` shows how it is called")
  }

  /// Arguments that do not fit the parameters of what is called.
  static func arguments(
    _ arguments: [PassedArgument], of function: String, parameters: [String],
    _ mismatch: ArgumentMismatch, at range: SourceRange
  ) -> Diagnostic {
    switch mismatch {
    case .unknownLabel(let argument):
      let label = arguments[argument].label
      return .unknownLabel(
        label?.name ?? "", of: function, known: parameters, at: label?.range ?? range)
    case .tooMany:
      return .argumentCount(function, expected: parameters, found: arguments.count, at: range)
    case .repeated(let parameter, let argument):
      return .repeatedArgument(
        parameters[parameter], of: function, at: arguments[argument].range)
    case .missing(let parameter):
      return .missingArgument(parameters[parameter], of: function, expected: parameters, at: range)
    }
  }

  /// A required parameter that no argument fills. `expected` are the names of all parameters.
  static func missingArgument(
    _ name: String, of function: String, expected: [String], at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "missing-argument", "\(function) needs `\(name)`, which was not given", at: range,
      hint: "it takes (\(expected.joined(separator: ", ")))")
  }

  static func repeatedArgument(
    _ name: String, of function: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "repeated-argument", "`\(name)` of \(function) is given twice", at: range,
      hint: "arguments without a label fill the parameters in order")
  }

  /// Two parameters of one name in a declaration.
  static func repeatedParameter(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .name, "repeated-parameter", "the parameter `\(name)` is declared twice", at: range,
      hint: "give one of them another name")
  }

  /// A call of a value that is no function and no layer.
  static func notCallable(_ value: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .type, "not-callable", "expected a function or a layer to call, found \(describe(value))",
      at: range, hint: Beginners.hint(onCallOf: value, at: range))
  }
}
