import Syntax
import Tensors
import Writing

/// The wording of names that are not bound, not assignable, or not there.
extension Diagnostic {
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
}
