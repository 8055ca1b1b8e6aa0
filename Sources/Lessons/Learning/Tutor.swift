package import Evaluation
package import Notebook
package import Reports
package import Syntax

/// Leads a student through a course: takes a line or an entry of several, and shows what it comes
/// to. It knows no terminal.
package final class Tutor {
  /// What is shown, in order.
  package enum Shown {
    /// Words, code, tables.
    case report(Report)
    /// What a command printed, or what of that was not heard while it ran.
    case command(CommandReport)
    /// A fault of what was typed.
    case fault(Diagnostic)
  }

  /// Whether there is more to come.
  package enum Continuation { case goesOn, leaves }

  /// What the tutor is given by whoever has the terminal.
  package struct Setting {
    /// What sessions are made with, folders apart.
    package var configuration: Interpreter.Configuration
    /// True for those who hear what is shown: no bars, and words in place of drawings.
    package var isPlain = false
    /// Columns of the terminal.
    package var width: () -> Int = { 80 }
    /// Called with a session before what it does is shown.
    package var prepare: (Session) -> Void = { _ in }
    /// Shows something.
    package var show: (Shown) -> Void

    /// Shows with the usual width, bars and drawings.
    package init(_ configuration: Interpreter.Configuration, show: @escaping (Shown) -> Void) {
      (self.configuration, self.show) = (configuration, show)
    }
  }

  /// What is learnt.
  package let course: Course
  let setting: Setting
  private let file: ProgressFile?
  /// How far the student is.
  package private(set) var progress = Progress()
  /// The lesson that is open; `nil` at the list of lessons.
  private var walk: LessonWalk?

  /// - Parameter file: Where progress is kept; `nil` where it is not.
  package init(_ course: Course, _ setting: Setting, progress file: ProgressFile?) {
    (self.course, self.setting, self.file) = (course, setting, file)
    guard let file else { return }
    let (progress, problem) = file.load()
    self.progress = progress
    if let problem { tell(TutorText.progress(problem)) }
  }

  // MARK: Where one is

  /// Goes on where the student stopped, or shows the lessons where nothing was begun.
  package func begin() {
    guard let place = progress.place,
      let lesson = course.lessons.firstIndex(where: { $0.name == place.lesson })
    else { return showMap() }
    open(lesson)
  }

  /// Opens a lesson: where the student stopped in it, or at its start.
  package func open(_ number: Int, again: Bool = false) {
    let lesson = course.lessons[number]
    var stop = 0
    if !again, let place = progress.place, place.lesson == lesson.name {
      stop = Progress.stop(of: place, in: lesson)
      if stop >= lesson.file.stops.count { stop = 0 }
    }
    let walk = LessonWalk(lesson, in: self, at: stop)
    self.walk = walk
    walk.begin()
  }

  /// Shows the lessons of the course.
  func showMap() {
    walk = nil
    show(
      CourseMap(course, progress, isPlain: setting.isPlain, width: setting.width()).report)
  }

  /// What stands before what is typed.
  package var prompt: String { walk?.prompt ?? TutorText.mapPrompt }

  /// True where more lines have to follow.
  package func isUnfinished(_ text: String) -> Bool {
    guard let walk, walk.takesCommands, LessonCommand(text) == nil, !text.hasPrefix(":") else {
      return false
    }
    return Parser.parse(SourceText(name: "", text: text)).isUnfinished
  }

  /// The session that words can be completed from; `nil` at the list of lessons.
  package var session: Session? { walk?.session }

  // MARK: Lines

  /// Answers a line, or an entry of several.
  package func answer(_ entry: String) -> Continuation {
    let text = entry.trimmed
    if let walk { return answer(text, in: walk) }
    if text.isEmpty {
      openNext()
      return .goesOn
    }
    if let lesson = course.lesson(named: text) {
      open(lesson)
      return .goesOn
    }
    switch LessonCommand(text) {
    case .quit: return .leaves
    case .next: openNext()
    case .list, .main: showMap()
    case .info: show(TutorText.mapInfo(course))
    case .back, .skip, .play, .hint, .reset, .submit: tell(TutorText.noLessonOpen)
    case nil: setting.show(.fault(.unknownLesson(text, in: course)))
    }
    return .goesOn
  }

  private func answer(_ text: String, in walk: LessonWalk) -> Continuation {
    if text.isEmpty {
      walk.next(isEnter: true)
    } else if let command = LessonCommand(text, except: walk.lettersTaken) {
      if command == .quit { return .leaves }
      if command == .main { showMap() } else { walk.obey(command) }
      walk.remarkOnName(text)
    } else if text.hasPrefix(":") {
      walk.colon(text)
    } else {
      walk.take(text)
    }
    return .goesOn
  }

  /// Goes on where the student stopped, or with the first lesson that is not finished.
  private func openNext() {
    if let place = progress.place,
      let lesson = course.lessons.firstIndex(where: { $0.name == place.lesson }),
      !progress.finished.contains(place.lesson)
    {
      return open(lesson)
    }
    guard !course.lessons.isEmpty else { return showMap() }
    let open = course.lessons.firstIndex { !progress.finished.contains($0.name) }
    self.open(open ?? 0)
  }

  /// The lesson behind one; `nil` behind the last.
  func lesson(behind lesson: Lesson) -> Int? {
    guard let place = course.lessons.firstIndex(where: { $0.name == lesson.name }),
      place + 1 < course.lessons.count
    else { return nil }
    return place + 1
  }

  /// Says how to come back; the last thing that is shown.
  package func leave() { tell(TutorText.left) }

  // MARK: Telling and keeping

  /// Shows a report.
  func show(_ report: Report) { setting.show(.report(report)) }

  /// Shows a sentence.
  func tell(_ text: RichText) { show(Report(.paragraph(text))) }

  /// Changes what is known of the student, and keeps it.
  func keep(_ change: (inout Progress) -> Void) {
    change(&progress)
    if let problem = file?.save(progress) { tell(TutorText.progress(problem)) }
  }

  /// A fresh session whose paths start in a folder.
  func makeSession(in folder: String) -> Session {
    var configuration = setting.configuration
    configuration.directory = folder
    return Session(configuration: configuration)
  }

  /// Makes a session ready to be seen.
  func prepare(_ session: Session) {
    session.width = min(setting.width(), 100)
    session.isInWords = setting.isPlain
    setting.prepare(session)
  }
}
