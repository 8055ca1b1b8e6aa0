package import Evaluation
package import Reports
package import Syntax
import Tensors
import Writing

/// What is told of one command: where it stands, what it said and gave, what it did to memory, what
/// went wrong.
package struct CommandReport {
  /// The file as messages call it.
  package let file: String
  /// The line that the command begins on, from 1.
  package let line: Int
  /// The text of the command, without its comments.
  package let source: String
  /// What the command said while it ran: `print`, `memory`, `help`.
  package internal(set) var said: Report
  /// True where the session's listener heard that while the command ran.
  package let wasHeard: Bool
  /// What the command gave; `nil` where it gave nothing or failed.
  package let value: Value?
  /// The value as a session shows it; `nil` where there is none, or `;` silenced it.
  package let answer: Report?
  /// The value as machine mode gives it; made when asked for, while the value is as the command
  /// left it.
  package let json: () -> JSONValue
  /// What went wrong; `nil` where nothing did.
  package let fault: Diagnostic?
  /// The tests that the command ran, in order.
  package let tests: [TestResult]
  /// What the command did to memory, all of it.
  package let memory: AccountReport
  /// The account as the session's detail asks for it; empty where there is nothing to say.
  package let told: Report
  /// Columns that its drawings take.
  package let width: Int
  /// True where drawings are told in words.
  package let isInWords: Bool
  /// How long it took, where clocks were asked for.
  package let seconds: Double?

  /// True where the command did not fail.
  package var isOK: Bool { fault == nil }

  /// All that a session shows below the command, as one report; the fault and the clock apart.
  package var report: Report { Report(said.parts + (answer?.parts ?? []) + told.parts) }

  // MARK: As a terminal shows it

  /// What the command said; ends with a newline unless empty.
  package var output: String { renderer().block(said) }
  /// The value, without a newline at the end.
  package var shown: String? { answer.map(renderer().text) }
  /// The account, without a newline at the end.
  package var account: String { renderer().text(told) }

  private func renderer(isColoured: Bool = false) -> TerminalRenderer {
    TerminalRenderer(width: width, isColoured: isColoured, isInWords: isInWords)
  }

  /// What a session prints below the command: output, value, account and, where asked for, the
  /// clock. Ends with a newline unless empty. The fault is drawn apart.
  package var text: String { text(isColoured: false) }

  /// The same, coloured where that is wanted, and then the account faint.
  package func text(isColoured: Bool) -> String {
    renderer(isColoured: isColoured).block(said)
      + answerText(isColoured: isColoured)
  }

  /// The same without the output: what is left to print where that was heard.
  package func answerText(isColoured: Bool) -> String {
    let renderer = renderer(isColoured: isColoured)
    var text = ""
    if let answer { text += renderer.text(answer) + "\n" }
    var below = [String]()
    if !told.isEmpty { below.append(account) }
    if let seconds { below.append("time    \(Clock.text(seconds))") }
    guard !below.isEmpty else { return text }
    return text + renderer.faint(below.joined(separator: "\n")) + "\n"
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
