package import Notebook
package import Syntax

/// What became of an answer.
package enum Verdict {
  /// It meets the check.
  case right
  /// It was run, and does not meet the check.
  case wrong(Shortfall)
  /// It is no answer of the kind that is asked for: empty, or not to be read. It does not count.
  case unreadable(Diagnostic)
  /// Its own commands failed.
  case failed(Diagnostic)
  /// It, or the check with it, met a limit on steps, bytes or output.
  case overLimit(Diagnostic)
  /// It was asked to stop before it was judged.
  case stopped
  /// The item itself goes wrong, whatever the answer.
  case faultOfCourse(Diagnostic)

  /// True for an answer that meets the check.
  package var isRight: Bool { if case .right = self { true } else { false } }

  /// What went wrong; `nil` where nothing did, or nobody can say.
  package var diagnostic: Diagnostic? {
    switch self {
    case .right, .stopped: nil
    case .wrong(let shortfall): shortfall.failure
    case .unreadable(let fault), .failed(let fault), .overLimit(let fault),
      .faultOfCourse(let fault):
      fault
    }
  }
}

/// In what an answer falls short.
package struct Shortfall {
  /// The expectation that it does not meet, or what went wrong in the check; `nil` for a choice.
  package let failure: Diagnostic?
  /// The idea that the answer shows; `nil` where it shows none that the item knows.
  package let idea: String?
  /// What whoever has that idea, or chose that option, is told.
  package let reply: Prose?
  /// What may be said where there is no reply, without giving the answer away.
  package let remarks: [Remark]

  /// Something that may be said of a wrong answer.
  package enum Remark: Equatable {
    /// The value that it came to, as `print` shows it.
    case found(String)
    /// The name of the test that it fails.
    case test(String)
    /// What was expected, with both sides, where that does not give the answer away.
    case expectation(String)
    /// It is less than what is expected.
    case tooSmall
    /// It is more than what is expected.
    case tooLarge
    /// What the test's author says to whoever fails it.
    case hint(String)
  }
}

/// A verdict, and what was shown on the way to it.
package struct Attempt {
  /// What became of the answer.
  package let verdict: Verdict
  /// What the item's reveal printed, command by command: for `predict` only.
  package let revealed: [CommandReport]
  /// What was guessed and what was measured, as `print` shows them: for `predict` only.
  package var compared: (guess: String, measured: String)?
}
