import Syntax
import Writing

/// The wording of what builtins refuse about shapes and axes.
extension Diagnostic {
  /// An axis that a tensor of `rank` axes does not have.
  static func noSuchAxis(_ axis: Int, rank: Int, at range: SourceRange) -> Diagnostic {
    let hint =
      rank == 0
      ? "it has no axes: it is a single number"
      : "axes go from 0 to \(rank - 1), or from -1 back to -\(rank)"
    return Diagnostic(
      .shape, "no-such-axis", "there is no axis \(axis): the tensor has \(rank)", at: range,
      hint: hint)
  }

  /// An index that is outside an axis of a tensor, of `length` elements.
  static func axisIndexOutOfRange(
    _ index: Int, axis: Int, length: Int, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .value, "index-out-of-range",
      "index \(index) is outside axis \(axis), which has \(length) "
        + "\(CountFormat.noun(length, "element"))",
      at: range,
      hint: length == 0
        ? nil : "indices go from 0 to \(length - 1), or from -1 back to -\(length)")
  }

  /// Nested lists that make no tensor, since their rows differ. `place` is the first that does not
  /// fit, `[1]`; `found` and `wanted` are its shape and theirs, in words.
  static func ragged(_ place: String, found: String, wanted: String, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      .shape, "ragged-list",
      "the list is ragged: element \(place) has \(found), but those before it have \(wanted)",
      at: range, hint: "every row of a tensor has the same length")
  }
}
