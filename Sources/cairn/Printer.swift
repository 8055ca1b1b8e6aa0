import Evaluation
import Glibc
import Notebook
import Reports
import Syntax

/// Puts reports on standard output, and faults on standard error; in machine mode, JSON lines on standard output.
struct Printer {
  private let isJSON: Bool
  private let isColoured: Bool
  private let renderer: DiagnosticRenderer

  init(_ options: CommonOptions) {
    isJSON = options.json
    isColoured = !options.noColor && Terminal.showsColour(STDOUT_FILENO)
    renderer = DiagnosticRenderer(
      isColoured: !options.noColor && Terminal.showsColour(STDERR_FILENO))
  }

  /// Shows what a command did, at once.
  func show(_ report: CommandReport) {
    if isJSON {
      put(JSONValue(report).text + "\n")
      return
    }
    put(isColoured ? coloured(report) : report.text)
    if let fault = report.fault { show(fault) }
  }

  /// Draws a fault on standard error.
  func show(_ fault: Diagnostic) {
    Terminal.put(renderer.text(fault) + "\n", to: STDERR_FILENO)
  }

  /// A fault with no command: a file that cannot be read.
  func show(_ fault: Diagnostic, file: String) {
    if isJSON {
      let report = Session().refusal(fault, in: SourceText(name: file, text: ""))
      put(JSONValue(report).text + "\n")
    } else {
      show(fault)
    }
  }

  /// Text on standard output, at once.
  func put(_ text: String) {
    guard !text.isEmpty else { return }
    Terminal.put(text, to: STDOUT_FILENO)
  }

  /// The report with the account dimmed.
  private func coloured(_ report: CommandReport) -> String {
    let dim = "\u{1B}[2m"
    let plain = "\u{1B}[0m"
    let value = report.output + (report.shown.map { $0 + "\n" } ?? "")
    let account = report.text.dropFirst(value.count)
    return account.isEmpty ? value : value + dim + account.dropLast() + plain + "\n"
  }
}
