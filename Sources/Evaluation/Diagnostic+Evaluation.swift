import Syntax
import Tensors
import Writing

/// The wording of what evaluation refuses: names, types, values, limits.
extension Diagnostic {
  // MARK: Names

  /// A name that is read and not bound. The hint is, in this order: what a habit of another
  /// language is called here, the nearest of `known`, and how the name is bound.
  static func unknownName(_ name: String, at range: SourceRange, known: [String]) -> Diagnostic {
    let line = range.source.line(range.start.line).split(separator: " ")
    let words = line == [Substring(name)] ? known + Keywords.loneWords : known
    return Diagnostic(
      .name, "unknown-name", "nothing is called `\(name)`", at: range,
      hint: Beginners.hint(onName: name, at: range, known: known)
        ?? Suggestion.closest(to: name, among: words).map { "did you mean `\($0)`?" }
        ?? Beginners.hint(onUnbound: name, at: range))
  }

  /// An assignment, without `let`, to a name that is not bound.
  static func assignmentToUnknown(
    _ name: String, at range: SourceRange, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      .name, "unknown-name", "nothing is called `\(name)`, so it cannot be assigned", at: range,
      hint: Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? Beginners.hint(onAssigned: name, at: range))
  }

  /// An assignment to a builtin, a strategy or a standard layer.
  static func assignmentToBuiltin(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .name, "builtin-name", "`\(name)` is built in and cannot be assigned", at: range,
      hint: "`let \(name) = \(Beginners.newValue(of: name, at: range) ?? "0")` makes a name of "
        + "your own that hides it")
  }

  /// A field that a value does not have. `functions` are the names that can be called instead.
  static func unknownField(
    _ field: Identifier, of value: Value, known: [String], functions: [String]
  ) -> Diagnostic {
    let fault = unknownField(field, of: describe(value), known: known)
    return Beginners.hint(onField: field, of: value, known: functions).map(fault.hinting) ?? fault
  }

  /// A field, or a name in brackets, that something does not have. `what` is the owner in words.
  static func unknownField(
    _ field: Identifier, of what: String, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      .name, "unknown-field", "\(what) has no field `\(field.name)`", at: field.range,
      hint: Suggestion.closest(to: field.name, among: known).map { "did you mean `\($0)`?" }
        ?? (known.isEmpty
          ? nil : "its fields are " + known.joined(separator: ", ")))
  }

  /// An argument whose label is the name of no parameter, or of no option of a test.
  static func unknownLabel(
    _ label: String, of function: String, known: [String], at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .name, "unknown-label", "\(function) has no parameter `\(label)`", at: range,
      hint: Suggestion.closest(to: label, among: known).map { "did you mean `\($0):`?" }
        ?? (known.isEmpty
          ? "it takes no arguments"
          : "it takes " + known.joined(separator: ", ")))
  }

  // MARK: Calls

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

  // MARK: Types and values

  /// An operator between values that it has no meaning for.
  static func operatorMismatch(
    _ operation: String, _ a: Value, _ b: Value, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "operator-types",
      "`\(operation)` does not apply to \(describe(a)) and \(describe(b))", at: range,
      hint: operatorHint(operation, a, b))
  }

  /// A value that has no place in the order of a list's elements.
  static func unordered(
    _ value: Value, after first: Value?, place: Int, at range: SourceRange
  ) -> Diagnostic {
    let reason =
      if let first, place > 0 {
        "\(describe(first)) comes first and \(describe(value)) is element \(place)"
      } else {
        "element \(place) is \(describe(value))"
      }
    let hint =
      switch value {
      case .float: "`help filter` shows how nan is left out: nan is not equal to itself"
      case .list: "`help sort` shows how lists are ordered by their elements"
      default: "strings are made of all by 'map' and 'text': `map(text, [2, 1])`"
      }
    return Diagnostic(
      .type, "no-order", "only numbers, or only strings, have an order: \(reason)", at: range,
      hint: hint)
  }

  /// An index that is outside a list, a range, a string, or the rows of a data set.
  static func indexOutOfRange(_ index: Int, count: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "index-out-of-range",
      "index \(index) is outside a list of \(count) \(CountFormat.noun(count, "element"))",
      at: range,
      hint: count == 0 ? nil : "indices go from 0 to \(count - 1), or from -1 back to -\(count)")
  }

  /// A key that is not in the dictionary, where it is read, removed, or changed by an operator or
  /// in a part. The hint is the nearest of `known`, else the first of them.
  static func unknownKey(_ key: Value, known: [String], at range: SourceRange) -> Diagnostic {
    let name = InlineText.of(key)
    var hint: String?
    if case .string(let text) = key {
      hint = Suggestion.closest(to: text.string, among: known).map { "did you mean `\"\($0)\"`?" }
    }
    return Diagnostic(
      .value, "unknown-key", "the dictionary has no key \(name)", at: range,
      hint: hint
        ?? (known.isEmpty
          ? nil : "its keys are " + known.prefix(8).map(\.quoted).joined(separator: ", ")))
  }

  /// A key that stands twice in a dictionary as it is written, or in the pairs given to
  /// `dictionary`.
  static func repeatedKey(_ key: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "repeated-key", "the key \(InlineText.of(key)) stands twice in the dictionary",
      at: range, hint: "give one of them another name")
  }

  /// An assignment to a part of a value that has none to assign: a field, or an element where
  /// `field` is `nil`.
  static func notAssignable(
    _ value: Value, field: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "not-assignable",
      field.map { "the field `\($0)` of \(describe(value)) cannot be assigned" }
        ?? "an element of \(describe(value)) cannot be assigned",
      at: range,
      hint: "elements of lists, keys of dictionaries, and parameters and states of layers can be")
  }

  /// An assignment to a member of a layer that is an argument or a plain `let`.
  static func memberNotAssignable(
    _ name: String, of layer: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "not-assignable",
      "`\(name)` of the layer \(layer) is neither a parameter nor a state, and cannot be assigned",
      at: range, hint: "make the layer anew with another argument")
  }

  /// `reset` of a layer that has no states, nor any layer in it.
  static func noStates(_ layer: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "no-states", "the layer \(layer) has no states, so there is nothing to reset",
      at: range, hint: "batch_norm has: its running mean and variance")
  }

  /// An assignment to a place with several indices, `x[0, 1] = 2`, or to what begins with no name.
  static func severalIndicesAssigned(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .type, "not-assignable", "one element is assigned at a time", at: range,
      hint:
        "a tensor's elements are not assigned: `help where` and `help concat` show how one is made")
  }

  /// A value that has other than `names` parts, where each name takes one: in `let a, b = …` and in
  /// loops.
  static func partCount(
    _ role: Role, names: Int, parts: Int, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .value, "part-count",
      "\(CountFormat.counted(names, "name")) are bound, but \(role.text) has "
        + CountFormat.counted(parts, "part"),
      at: range,
      hint: "name as many as there are parts, or take the parts by their index")
  }

  /// A result outside the integers of 64 bits.
  static func integerOverflow(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "integer-overflow", "the result does not fit an integer (64 bits)", at: range,
      hint: "write one operand as a float, such as 2.0")
  }

  /// A range whose integers cannot be counted in 64 bits.
  static func rangeTooLong(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "integer-overflow", "a range has at most \(Int.max) integers", at: range,
      hint: "bring its ends closer together")
  }

  /// An integer, or a size, divided by zero with `/`, `//` or `%`, or zero raised to a negative
  /// power.
  static func divisionByZero(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "division-by-zero", "an integer cannot be divided by zero", at: range,
      hint: "floats can: 1.0 / 0 is inf")
  }

  /// What `fail` was told to say.
  static func failed(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.value, "failed", message, at: range)
  }

  // MARK: Places

  /// Where a word has a meaning.
  enum Place: String {
    case function = "a function"
    case loop = "a loop"
    case topLevel = "the top level"
  }

  /// A word where it has no meaning: `return` outside functions, `break` outside loops, `import` in
  /// a block.
  static func outside(_ word: String, of place: Place, at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      .syntax, "misplaced", "`\(word)` has a meaning only inside \(place.rawValue)", at: range,
      hint: "move it there, or leave it out")
  }

  /// A form of the language that does nothing so far, or not where it stands.
  enum Unavailable {
    case workers
    case commandHere(String)
  }

  /// A form of the language that is read and not run: not yet, or not in this place.
  static func notAvailableYet(_ form: Unavailable, at range: SourceRange) -> Diagnostic {
    let name =
      switch form {
      case .workers: "training on workers"
      case .commandHere(let verb): "`\(verb)` here"
      }
    return Diagnostic(
      .value, "not-available-yet", "\(name) is not available yet", at: range,
      hint: "the form is part of the language, and comes with a later version")
  }

  /// The same fault, of a command whose finished training steps stay.
  func keeping(steps: Int) -> Diagnostic {
    let kept = "\(steps) finished training \(CountFormat.noun(steps, "step"))"
    return Diagnostic(
      kind, code, message + "; what the \(kept) changed is kept", at: range, hint: hint,
      notes: notes)
  }

  /// An import of a file that is being imported, or of more files inside each other than are
  /// allowed.
  static func importCycle(_ path: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .io, "import-cycle", "\"\(path)\" is being imported already: the imports go in a circle",
      at: range, hint: "move what both files need into a third one")
  }

  // MARK: Limits

  /// Calls nested deeper than the stack has room for. `limit` is how many are open.
  static func tooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "recursion-limit", "calls are nested \(limit) deep, and there is no room for more",
      at: range, hint: "does the recursion have an end?")
  }

  /// A body of a strategy that says more actions than a schedule may have.
  static func tooManyActions(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "too-long", "a strategy may take at most \(limit) actions", at: range,
      hint: "does its body come to an end?")
  }

  /// What has a greatest length.
  enum Limited: String {
    case list = "a list"
    case string = "a string"
  }

  /// A list or a string that would be too long. `limit` is in elements or in bytes.
  static func tooLong(_ what: Limited, limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "too-long", "\(what.rawValue) may be at most \(limit) long", at: range,
      hint: "a tensor holds many numbers: `zeros(1000)`")
  }

  /// Lists, dictionaries or layers in each other deeper than `limit`.
  static func nestedTooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "nested-too-deep", "lists and layers may be nested at most \(limit) deep", at: range,
      hint: "does the nesting have an end?")
  }

  /// A command that took more loop turns, calls and training steps than `--limit-steps` allows.
  static func stepLimit(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "step-limit", "the command took more than \(limit) steps", at: range,
      hint: "`--limit-steps` sets the limit")
  }

  /// A command that was stopped from outside, as by Ctrl-C.
  static func interrupted(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .interrupted, "interrupted", "the command was stopped", at: range,
      hint: "all is as it was before it, but for training steps that were finished")
  }

  /// The learner's text of a range, to be shown in a hint; `nil` where it is long or not theirs.
  static func code(_ range: SourceRange) -> String? {
    let text = range.text
    let isShort = text.count <= 40 && !text.contains("\n") && !text.contains("`")
    return isShort && !text.isEmpty && range.source.name != "<prelude>" ? text : nil
  }

  private static func operatorHint(_ operation: String, _ a: Value, _ b: Value) -> String? {
    switch (a, b) {
    case (.string(let text), let value) where operation == "+" || operation == "%":
      switch value {
      case .integer, .float, .boolean, .bytes, .none:
        "a string takes values in it: `"
          + (text.string.quoted.dropLast() + "\\(\(InlineText.of(value)))\"`")
      default: "a string takes values in it: `\"x is \\(1 + 1)\"`"
      }
    case (_, .string) where operation == "+": "a string takes values in it: `\"x is \\(1 + 1)\"`"
    case (.list, .tensor), (.tensor, .list): "`tensor([1.0, 2.0])` makes a tensor of a list"
    case (.bytes, .bytes) where operation == "*": "a size is multiplied by a plain number"
    case _ where operation == "@": "'@' multiplies two tensors"
    default: nil
    }
  }

  /// A value in a few words, as messages show it.
  package static func describe(_ value: Value) -> String {
    switch value {
    case .none: "none"
    case .integer(let x): "the integer \(x)"
    case .float(let x): "the number \(NumberFormat.number(x))"
    case .boolean(let x): x ? "true" : "false"
    case .bytes(let x): ByteFormat.text(x)
    case .string(let x): "the string \"\(x.string.prefix(40))\(x.string.count > 40 ? "…" : "")\""
    case .list(let x): "a list of \(x.count)"
    case .dictionary(let x): "a dictionary of \(x.entries.count)"
    case .range(let x): "the range \(x.text)"
    case .function(let x): "the function \(x.name)"
    case .layer(let x): "a layer (\(x.name))"
    case .tensor(let x): "a tensor \(x.typeDescription)"
    case .dataSet(let x): "a data set (\(x.name))"
    case .batches: "batches"
    case .optimizer(let x): "an optimizer (\(x.spelling))"
    case .strategy(let x): "a strategy (\(x.spelling))"
    case .gradients: "gradients"
    case .plan(let x): "a schedule (\(x.strategy))"
    case .record(let x): "a \(x.typeName)"
    }
  }
}

extension Diagnostic.Note {
  /// Where inside a standard layer a fault came up, which itself stands at the learner's call.
  static func inStandardLayer(_ name: String, at range: SourceRange) -> Diagnostic.Note {
    Diagnostic.Note(range, "here in the standard layer \(name)")
  }

  /// Which element of a chain a fault came up in, and what that was given.
  static func inElement(
    _ element: String, given value: Value, by previous: String?, at range: SourceRange
  ) -> Diagnostic.Note {
    let source = previous.map { " by \($0)" } ?? ""
    return Diagnostic.Note(
      range, "in the element \(element), which is given \(Diagnostic.describe(value))\(source)")
  }
}
