package import Evaluation
package import Reports
package import Syntax
import Tensors
import Writing

/// What is told of one command: where it stands, what it printed and gave, what it did to memory, what went wrong.
package struct CommandReport {
  /// The file as messages call it, the line that the command begins on, and its text.
  package let file: String
  package let line: Int
  package let source: String
  /// Text that the command printed; ends with a newline unless empty.
  package let output: String
  package let value: Value?
  /// The value as a session shows it; `nil` where there is none, or `;` silenced it.
  package let shown: String?
  /// The value as machine mode gives it; made when asked for, while the value is as the command left it.
  package let json: () -> JSONValue
  package let fault: Diagnostic?
  package let memory: AccountReport
  /// The account as the session's detail asks for it; empty where there is nothing to say.
  package let account: String
  /// How long it took, where clocks were asked for.
  package let seconds: Double?

  package var isOK: Bool { fault == nil }

  /// What a session prints below the command: output, value, account and, where asked for, the clock.
  /// Ends with a newline unless empty. The fault is drawn apart.
  package var text: String {
    var text = output
    if let shown { text += shown + "\n" }
    if !account.isEmpty { text += account + "\n" }
    if let seconds { text += "time    \(Clock.text(seconds))\n" }
    return text
  }
}

/// How durations are written.
package enum Clock {
  /// `850 µs`, `12.3 ms`, `1.25 s`.
  package static func text(_ seconds: Double) -> String {
    if seconds < 1e-3 { return Decimals.text((seconds * 1e6).rounded()) + " µs" }
    if seconds < 1 { return Decimals.text(seconds * 1e3) + " ms" }
    return Decimals.text(seconds) + " s"
  }
}
