import Syntax
import Tensors
import Writing

/// The wording of what evaluation refuses of types, values and places of words.
extension Diagnostic {
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

  /// Updates in the backward pass, of an optimizer that needs all gradients first.
  static func normBeforeGradients(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "updates-in-backward",
      "expected `updates at_end`, since `clip_norm` needs all gradients before the first update, "
        + "found `updates in_backward`", at: range,
      hint: "leave it out, or bound each element with 'clip_value', which needs no other gradient")
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
    case commandHere(String)
  }

  /// A form of the language that is read and not run: not yet, or not in this place.
  static func notAvailableYet(_ form: Unavailable, at range: SourceRange) -> Diagnostic {
    let name =
      switch form {
      case .commandHere(let verb): "`\(verb)` here"
      }
    return Diagnostic(
      .value, "not-available-yet", "\(name) is not available yet", at: range,
      hint: "the form is part of the language, and comes with a later version")
  }

  /// What of the prelude a fault came up in.
  enum Standard: String { case layer, function }

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
  static func inStandard(
    _ kind: Diagnostic.Standard, _ name: String, at range: SourceRange
  ) -> Diagnostic.Note {
    Diagnostic.Note(range, "here in the standard \(kind.rawValue) \(name)")
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
