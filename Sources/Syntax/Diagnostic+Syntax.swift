/// The wording of every syntax fault.
extension Diagnostic {
  /// Something else stands where `expected` should.
  static func unexpected(
    _ expected: String, found: String, at range: SourceRange, hint: String? = nil,
    notes: [Note] = []
  ) -> Diagnostic {
    Diagnostic(
      .syntax, "unexpected-token", "expected \(expected), found \(found)", at: range, hint: hint,
      notes: notes)
  }

  /// The text ends where `expected` should stand: more text could complete it.
  static func unfinished(
    _ expected: String, at range: SourceRange, notes: [Note] = []
  ) -> Diagnostic {
    Diagnostic(
      .syntax, "unfinished", "expected \(expected), found the end of the text", at: range,
      notes: notes)
  }

  /// Raised by the lexer at a character that begins no token; `…` has a code of its own, since it
  /// stands for code left out.
  static func strayCharacter(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    if scalar == "\u{2026}" {
      return Diagnostic(
        .syntax, "elided-code", "expected code, found '…', which stands for code left out",
        at: range, hint: "write what belongs here")
    }
    let hint: String? =
      switch scalar {
      case "'", "‘", "’", "“", "”", "`": "strings stand between double quotes: \"text\""
      case "!": "negation is spelled 'not'"
      case "&": "'and' joins conditions"
      case "|": "'or' joins conditions; '|>' passes a value on"
      case "^": "a power is spelled '**'"
      case "~": "approximate comparison is spelled '~='"
      case "−", "–": "minus is spelled '-'"
      case "×", "·": "multiplication is spelled '*'"
      case "\u{A0}": "this is a no-break space; a plain space belongs here"
      default: nil
      }
    let isPrintable = scalar.value > 0x20 && scalar.properties.generalCategory != .control
    let found =
      isPrintable && scalar != "\u{A0}"
      ? "'\(scalar)'" : "the character U+" + hexadecimal(scalar.value)
    return Diagnostic(
      .syntax, "stray-character", "expected a name, a number or an operator, found \(found)",
      at: range, hint: hint)
  }

  /// At least four digits: `00A0`.
  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Raised by the lexer where letters follow a number without a space and are no unit: `12kb`,
  /// `2x`.
  static func malformedNumber(at range: SourceRange) -> Diagnostic {
    let isDecimalUnit = ["kb", "mb", "gb", "k", "m", "g"].contains { unit in
      range.text.lowercased().drop { $0.isNumber || $0 == "." || $0 == "_" } == unit
    }
    return Diagnostic(
      .syntax, "malformed-number", "expected a number, found '\(range.text)'", at: range,
      hint: isDecimalUnit
        ? "the units are B, KiB, MiB, GiB and TiB: 64 KiB is 65536 bytes"
        : "a name cannot begin with a digit")
  }

  /// Raised by the lexer at a literal beyond what its type holds; `type` is named with its article:
  /// `an int`, `a float`, `a byte count`.
  static func numberTooLarge(_ type: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "number-too-large",
      "expected a number that fits \(type), found '\(range.text)'", at: range,
      hint: type == "an int" ? "the largest int is \(Int.max)" : nil)
  }

  /// Raised by the lexer where a line ends inside a string.
  static func openString(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "open-string", "expected '\"' to end the string, found the end of the line",
      at: range, hint: "a string ends on its line; a line break in it is written \\n")
  }

  /// Raised by the lexer at a backslash that begins none of the escapes; the range holds it and
  /// what follows.
  static func unknownEscape(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "unknown-escape", "expected an escape, found '\(range.text)'", at: range,
      hint: "the escapes are \\n \\t \\r \\\" \\\\ \\u{1F600} and \\( ) for a value")
  }

  /// Raised where brackets, blocks and prefixes, or the tree over them, are nested deeper than the
  /// limit.
  static func tooDeep(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "too-deep", "expected at most \(limit) levels of nesting, found more", at: range,
      hint: "give an inner part a name with 'let'")
  }

  /// Raised at the second of two comparisons or ranges in a row; `what` is the word for one of
  /// them, `symbol` the second's operator.
  static func chained(_ what: String, _ symbol: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "chained-\(what)", "expected one \(what), found '\(symbol)' behind another",
      at: range,
      hint: what == "comparison" ? "write 'a < b and b < c', or put one in parentheses" : nil)
  }

  /// Raised at an `=`, or an `+=` and its kin, behind what is no name, element or field.
  static func badTarget(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "bad-assignment", "expected a name before '=', found an expression", at: range,
      hint: "a name, an element 'xs[0]' or a field 'net.w' can be assigned; '==' compares")
  }

  /// Raised at the closing brace of a layer without `forward`.
  static func missingForward(_ layer: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "missing-forward",
      "expected 'forward(x) { }' in layer '\(layer)', found the end of the layer", at: range,
      hint: "a layer ends with forward, which says what it computes")
  }

  /// Raised where a clause of `train` stands a second time; `what` is its word.
  static func duplicate(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .syntax, "duplicate-clause", "expected '\(what)' once, found it again", at: range)
  }
}
