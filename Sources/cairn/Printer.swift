import Evaluation
import Glibc
import Notebook
import Reports
import Syntax

/// Puts reports on standard output, and faults on standard error; in machine mode, JSON lines on
/// standard output.
struct Printer {
  private let isJSON: Bool
  private let isColoured: Bool
  /// True where drawings are told in words.
  private let isInWords: Bool
  private let renderer: DiagnosticRenderer

  /// Colours what goes to a terminal, unless the options say otherwise.
  init(_ options: CommonOptions, isInWords: Bool = false) {
    self.isInWords = isInWords
    isJSON = options.json
    isColoured = !options.noColor && Terminal.showsColour(STDOUT_FILENO)
    renderer = DiagnosticRenderer(
      isColoured: !options.noColor && Terminal.showsColour(STDERR_FILENO))
  }

  /// Shows what a session's commands say while they run. In machine mode, where a line tells all of
  /// a command, it shows nothing.
  ///
  /// - Parameter clear: Takes away what stands on the line.
  func listen(to session: Session, clear: @escaping () -> Void = {}) {
    guard !isJSON else { return }
    session.listener = { [unowned session, isColoured] said in
      clear()
      put(
        TerminalRenderer(
          width: session.width, isColoured: isColoured, isInWords: session.isInWords
        ).block(said))
    }
  }

  /// Shows what a command did, at once; what was heard while it ran, not again.
  func show(_ report: CommandReport) {
    if isJSON {
      put(JSONValue(report))
      return
    }
    put(
      report.wasHeard
        ? report.answerText(isColoured: isColoured) : report.text(isColoured: isColoured))
    if let fault = report.fault { show(fault) }
  }

  /// Draws a fault on standard error.
  func show(_ fault: Diagnostic) {
    Output.put(renderer.text(fault) + "\n", to: STDERR_FILENO)
  }

  /// A fault with no command: a file that cannot be read.
  func show(_ fault: Diagnostic, file: String) {
    if isJSON {
      let report = Session().refusal(fault, in: SourceText(name: file, text: ""))
      put(JSONValue(report))
    } else {
      show(fault)
    }
  }

  /// A line of machine mode, piece by piece; a request to stop cuts the numbers of a large value
  /// short.
  private func put(_ value: JSONValue) {
    value.write(isStopped: { Signals.interruption.isRequested }, { put($0) })
    put("\n")
  }

  /// A report on standard output, at once.
  func put(_ report: Report) {
    let renderer = TerminalRenderer(
      width: Terminal.width, isColoured: isColoured, isInWords: isInWords)
    put(renderer.text(report) + "\n")
  }

  /// Text on standard output, at once.
  func put(_ text: String) {
    guard !text.isEmpty else { return }
    Output.put(text, to: STDOUT_FILENO)
  }
}
