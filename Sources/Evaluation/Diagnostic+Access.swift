import Syntax
import Tensors
import Writing

/// The wording of what a place inside a value refuses: indices, keys, fields, parts.
extension Diagnostic {
  /// What has places that are counted: its name, and what stands at one of them.
  struct Indexed {
    fileprivate let (name, part): (String, String)

    static let list = Indexed(name: "a list", part: "element")
    static let range = Indexed(name: "a range", part: "number")
    static let string = Indexed(name: "a string", part: "character")
    static let dataSet = Indexed(name: "a data set", part: "row")
  }

  /// An index that is outside a list, a range, a string, or the rows of a data set.
  static func indexOutOfRange(
    _ index: Int, of sequence: Indexed, count: Int, at range: SourceRange
  ) -> Diagnostic {
    let parts = "\(count) \(CountFormat.noun(count, sequence.part))"
    return Diagnostic(
      .value, "index-out-of-range", "index \(index) is outside \(sequence.name) of \(parts)",
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
}
