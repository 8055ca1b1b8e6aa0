import Syntax
import Writing

/// The wording of answers that cannot be taken, and of items that cannot be asked.
extension Diagnostic {
  /// Nothing was handed in, or nothing but comments.
  static func emptyAnswer(at range: SourceRange) -> Diagnostic {
    Diagnostic(.syntax, "empty-answer", "expected an answer, found nothing", at: range)
  }

  /// Several commands, or one without a value, where one expression is asked for.
  static func notOneExpression(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "not-an-expression", "expected one expression, such as 12, 64 KiB or [1, 2, 3]",
      at: range)
  }

  /// A value of another kind where a number is asked for; `found` is its type.
  static func notNumber(found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .type, "not-a-number", "expected a number, found a value of the type \(found)", at: range,
      hint: "a number, as 12 or 0.5, or a size, as 64 KiB")
  }

  /// A letter that no option has.
  static func noSuchOption(_ found: String, known: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "no-such-option",
      "expected one of \(known.joined(separator: ", ")), found '\(found.inOneLine(width: 24))'",
      at: range)
  }

  /// A check in which nothing was expected.
  static func nothingExpected(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .test, "nothing-expected", "the check met no 'expect': it would take any answer", at: range)
  }
}
