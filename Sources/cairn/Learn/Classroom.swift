import ArgumentParser
import Glibc
import Lessons
import Notebook
import Syntax

/// A course at a terminal: reads what a student types, and prints what the tutor shows.
final class Classroom {
  private let options: CommonOptions
  private let screen: Screen
  private let tutor: Tutor
  private let lines: LineEditor
  private let reader: EntryReader

  /// - Parameter isPlain: True for those who hear what is printed.
  init(_ course: Course, _ options: CommonOptions, isPlain: Bool) {
    self.options = options
    let screen = Screen(options, isPlain: isPlain)
    self.screen = screen
    var setting = Tutor.Setting(
      options.interpreterConfiguration(directory: "."), show: screen.show)
    setting.isPlain = isPlain
    setting.width = { Terminal.width }
    setting.prepare = screen.follow
    let key = course.title.isEmpty ? course.folder : course.title
    let file = StateFolder.path.map { ProgressFile($0 + "/progress.json", course: key) }
    let tutor = Tutor(course, setting, progress: file)
    self.tutor = tutor
    let typed = TypedLines()
    lines = LineEditor(history: HistoryFile()) { word, before in
      let words = typed.text.isEmpty && before.isEmpty ? LessonCommand.allCases.map(\.rawValue) : []
      let known = words.filter { $0.hasPrefix(word) }
      guard let session = tutor.session else { return known }
      return Completer(session.interpreter, commands: [":why"])
        .candidates(for: word, after: typed.text + before) + known
    }
    reader = EntryReader(lines, typed: typed)
    Signals.watch(endsAtSecond: false)
  }

  /// Reads and answers until the student leaves; gives the process's status.
  ///
  /// - Parameters:
  ///   - lesson: The lesson that is opened; `nil` goes on where the student stopped.
  ///   - again: True to begin it at its first part.
  func run(_ lesson: Int?, again: Bool) -> ExitCode {
    defer { lines.end() }
    if let lesson { tutor.open(lesson, again: again) } else { tutor.begin() }
    loop: while settle() {
      let entry = reader.next(
        prompt: (Prompt.text(tutor.prompt, options), Prompt.text("  ...> ", options)),
        isWhole: { $0.trimmed.isEmpty || LessonCommand($0) != nil || $0.hasPrefix(":") },
        isUnfinished: tutor.isUnfinished)
      switch entry {
      case .end:
        screen.put("\n")
        break loop
      case .failed(let fault):
        screen.show(fault, file: "<stdin>")
        break loop
      case .interrupted: Signals.interruption.clear()
      case .line(let text):
        if !text.trimmed.isEmpty, LessonCommand(text) == nil { lines.remember(text) }
        if tutor.answer(text) == .leaves { break loop }
      }
    }
    Signals.endIfAsked()
    tutor.leave()
    return .success
  }

  /// Takes a request to stop back once it has stopped something, or says that it came too late.
  /// False where the process is to end.
  private func settle() -> Bool {
    if Signals.areEnding { return false }
    if Signals.interruption.isRequested {
      if !screen.hasTold { Output.put(ProcessText.finishedAnyway, to: STDERR_FILENO) }
      Signals.interruption.clear()
    }
    screen.hasTold = false
    return true
  }
}
