import Glibc
import Lessons
import Notebook
import Reports
import Syntax

/// Prints what a tutor shows.
final class Screen {
  private let printer: Printer
  private var progress: ProgressLine?
  /// True once a command said that it was stopped; whoever asks takes it back.
  var hasTold = false

  /// - Parameter isPlain: True for those who hear what is printed.
  init(_ options: CommonOptions, isPlain: Bool) {
    printer = Printer(options, isInWords: isPlain)
  }

  /// Prints it.
  func show(_ shown: Tutor.Shown) {
    progress?.erase()
    progress = nil
    switch shown {
    case .report(let report): if !report.isEmpty { printer.put(report) }
    case .fault(let fault): printer.show(fault)
    case .command(let report):
      printer.show(report)
      hasTold = hasTold || report.fault?.kind == .interrupted
    }
  }

  /// Prints text as it stands.
  func put(_ text: String) { printer.put(text) }

  /// Prints a fault that belongs to no command.
  func show(_ fault: Diagnostic, file: String) { printer.show(fault, file: file) }

  /// Prints what a session's commands say, and how their training goes, while they run.
  func follow(_ session: Session) {
    printer.listen(to: session) { [unowned self] in progress?.erase() }
    session.interpreter.progressHandler = { [unowned self] step, total, loss in
      if progress == nil || step == 1 { progress = ProgressLine() }
      progress?.show(step: step, total: total, loss: loss)
    }
  }
}
