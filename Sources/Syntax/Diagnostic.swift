import Writing

/// A fault that a person is told of: the facts. How it is drawn is the renderer's business.
///
/// The wording stands in catalogues of factories, one a floor: `Diagnostic+Syntax.swift` and its
/// kin.
package struct Diagnostic: Error, Sendable {
  /// The kinds that machine mode names.
  package enum Kind: String, Sendable, CaseIterable {
    case syntax, name, type, shape, value, memory, gradient, schedule, test, limit, interrupted, io
  }

  /// Which of the kinds it is.
  package let kind: Kind
  /// A stable code, such as `unknown-name`: lower case, words joined by hyphens.
  package let code: String
  /// One sentence: what was expected, and what was found; names in it are cut to 240 characters.
  package let message: String
  /// Where; `nil` where no text is at fault (a file that cannot be read).
  package var range: SourceRange?
  /// One thing to try; `nil` where there is nothing to say.
  package let hint: String?
  /// Further places that matter (where each shape came from), each with a word on it.
  package let notes: [Note]

  /// A further place that matters, with a word on it.
  package struct Note: Sendable {
    /// The place.
    package let range: SourceRange
    /// What is to be said of it: a few words, without a period.
    package let text: String

    /// A word on a place.
    package init(_ range: SourceRange, _ text: String) {
      self.range = range
      self.text = text.shortened
    }
  }

  /// For the catalogues alone.
  package init(
    _ kind: Kind, _ code: String, _ message: String, at range: SourceRange?, hint: String? = nil,
    notes: [Note] = []
  ) {
    self.kind = kind
    self.code = code
    self.message = message.shortened
    self.range = range
    // A hint is to be typed as it stands: one that would be cut is none.
    self.hint = hint.flatMap { $0.shortened == $0 ? $0 : nil }
    self.notes = notes
  }

  /// The same without its hint.
  package var withoutHint: Diagnostic {
    Diagnostic(kind, code, message, at: range, notes: notes)
  }

  /// The same fault at another place, with other notes.
  package func at(_ range: SourceRange?, notes: [Note]) -> Diagnostic {
    Diagnostic(kind, code, message, at: range, hint: hint, notes: notes)
  }
}
