import Syntax

/// The wording of what builtins refuse about shapes and axes.
extension Diagnostic {
  static func invalidShape(
    _ message: String, at range: SourceRange, hint: String? = nil
  ) -> Diagnostic {
    Diagnostic(.shape, "invalid-shape", message, at: range, hint: hint)
  }

  static func axisIndexOutOfRange(
    _ index: Int, axis: Int, length: Int, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .value, "index-out-of-range",
      "index \(index) is outside axis \(axis), which has \(length) element\(length == 1 ? "" : "s")",
      at: range,
      hint: length == 0
        ? nil : "indices go from 0 to \(length - 1), or from -1 back to -\(length)")
  }
}
