import Notebook
import Reports

/// A lesson straight through, with nobody to answer: prose, cells with what they print, and the
/// questions, their answers not among it.
package struct LessonReading {
  private let lesson: Lesson
  private let setting: Tutor.Setting

  /// Shows as the setting says.
  package init(_ lesson: Lesson, _ setting: Tutor.Setting) {
    (self.lesson, self.setting) = (lesson, setting)
  }

  /// Runs and shows it all, unless it is asked to stop.
  package func run() {
    var configuration = setting.configuration
    configuration.directory = lesson.folder
    let session = Session(configuration: configuration)
    session.width = min(setting.width(), 100)
    session.isInWords = setting.isPlain
    setting.prepare(session)
    for stop in lesson.file.stops where !configuration.interruption.isRequested {
      show(Report(.gap))
      switch stop {
      case .prose(let prose, _): show(prose.report)
      case .cell(let cell):
        if !cell.title.isEmpty { show(Report(.line(RichText(cell.title, .strong)))) }
        let listing = CellListing(cell)
        for statement in cell.statements where !configuration.interruption.isRequested {
          show(Report(.code(listing.text(upTo: statement))))
          setting.show(.command(session.run(statement)))
        }
        let rest = listing.rest
        if !rest.isEmpty { show(Report(.code(rest))) }
      case .item(let id, let line):
        if let item = lesson.items[id] {
          show(
            Report(
              [.line("\(strong: "Question")  \(faint: item.kind.rawValue)")]
                + LessonPage.body(item)))
        } else {
          show(Report(.paragraph(TutorText.brokenItem(id, lesson, line: line))))
        }
      }
    }
  }

  private func show(_ report: Report) { setting.show(.report(report)) }
}
