package import Syntax

/// What ends an evaluation before its value: a failed command on its way up, or `break`, `continue`
/// and `return` on their way to the loop or function that they end. In a box, so that throwing
/// costs one word.
package final class Fault: Error {
  /// What is said of it.
  package let diagnostic: Diagnostic
  /// Set where this is no failure: the loop or function around takes it.
  let exit: Exit?

  /// How a loop's turn or a function ends, other than at its end.
  enum Exit { case breaking, continuing, returning }

  /// A command fails.
  package init(_ diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
    exit = nil
  }

  /// The compiler has seen to it that there is a loop or function around; `misplaced` would be said
  /// where there was none.
  private init(_ exit: Exit, misplaced: Diagnostic) {
    diagnostic = misplaced
    self.exit = exit
  }

  /// `break` is on its way to its loop.
  static let breaking = Fault(.breaking, misplaced: .outside("break", of: .loop, at: nil))
  /// `continue` is on its way to its loop.
  static let continuing = Fault(.continuing, misplaced: .outside("continue", of: .loop, at: nil))
  /// The value is in `Interpreter.returned`.
  static let returning = Fault(.returning, misplaced: .outside("return", of: .function, at: nil))
}

extension Fault {
  /// The fault with its place at the learner's call, where it came up inside a standard layer; a
  /// note says where there.
  func inStandard(
    _ kind: Diagnostic.Standard, _ name: String, prelude: SourceText, calledAt range: SourceRange
  ) -> Fault {
    guard exit == nil, let inner = diagnostic.range, inner.source === prelude else { return self }
    let notes = diagnostic.notes.filter {
      $0.range.source !== prelude && $0.range.lower != range.lower
    }
    return Fault(diagnostic.at(range, notes: notes + [.inStandard(kind, name, at: inner)]))
  }

  /// The fault with a hint that shows what fits, where there is one and shapes did not fit.
  func showing(_ fitting: () -> String?) -> Fault {
    guard exit == nil, diagnostic.kind == .shape, let hint = fitting() else { return self }
    return Fault(diagnostic.hinting(hint))
  }

  /// The fault with a note that says which element of a chain it came up in, and what that was
  /// given.
  func inElement(
    _ element: String, given value: Value, by previous: String?, at range: SourceRange
  ) -> Fault {
    switch diagnostic.kind {
    case .shape, .type, .value, .name: break
    case .syntax, .gradient, .memory, .schedule, .test, .limit, .interrupted, .io: return self
    }
    guard exit == nil else { return self }
    let note = Diagnostic.Note.inElement(element, given: value, by: previous, at: range)
    return Fault(diagnostic.at(diagnostic.range, notes: diagnostic.notes + [note]))
  }
}
