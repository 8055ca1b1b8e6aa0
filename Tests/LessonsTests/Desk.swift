import Evaluation
import Reports
import Syntax

@testable import Lessons
@testable import Notebook

/// A student's desk without a terminal: types lines to a tutor and reads what it shows.
final class Desk {
  let tutor: Tutor
  private let screen: Screen

  private final class Screen {
    var text = ""
    var isPlain = false
    var width = 70

    func show(_ shown: Tutor.Shown) {
      switch shown {
      case .report(let report):
        text += TerminalRenderer(width: width, isInWords: isPlain).text(report) + "\n"
      case .command(let report):
        text += report.text
        if let fault = report.fault { text += DiagnosticRenderer().text(fault) + "\n" }
      case .fault(let fault): text += DiagnosticRenderer().text(fault) + "\n"
      }
    }
  }

  init(_ course: Course, progress path: String? = nil, isPlain: Bool = false, width: Int = 70) {
    let screen = Screen()
    screen.isPlain = isPlain
    screen.width = width
    self.screen = screen
    var setting = Tutor.Setting(.init(), show: screen.show)
    setting.isPlain = isPlain
    setting.width = { width }
    tutor = Tutor(
      course, setting, progress: path.map { ProgressFile($0, course: course.title) })
  }

  /// What was shown since the last call.
  func shown() -> String {
    defer { screen.text = "" }
    return screen.text
  }

  /// Types an entry, and gives what it came to.
  @discardableResult
  func type(_ entry: String) -> String {
    _ = shown()
    _ = tutor.answer(entry)
    return shown()
  }
}
