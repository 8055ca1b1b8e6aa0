import ArgumentParser
import Glibc
import Lessons
import Syntax
import Writing

/// `cairn learn`: a course, at a terminal with whoever sits there, elsewhere straight through.
struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Take lessons: read, run, try, and answer questions.",
    discussion: """
      Without a lesson it goes on where you stopped, or shows the lessons of the course. A \
      lesson is \
      named by its number or its name, a course of your own by its folder. Where there is no \
      terminal, the lesson is printed and run straight through.
      """)

  @ParentCommand var root: Cairn
  @OptionGroup var given: CommonOptions

  @Flag(help: "For screen readers: no bars, and words in place of drawings.")
  var plain = false

  @Flag(help: "Begin the lesson at its first part.")
  var again = false

  @Option(
    help: ArgumentHelp(
      "Run a script of your own on every save, and say what fails first.", valueName: "file"))
  var watch: String?

  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "A lesson's number or name, or a course's folder, or the folder and the lesson.",
      valueName: "lesson|folder"))
  var names: [String] = []

  private var common: CommonOptions { given.over(root.common) }

  func validate() throws {
    if given.json { throw ValidationError("--json does not go with learn.") }
    if names.count > 2 { throw ValidationError("learn takes a folder and a lesson at most.") }
    if watch != nil, !names.isEmpty {
      throw ValidationError("--watch takes a file, and no lesson.")
    }
  }

  func run() throws {
    if let watch {
      FileWatch(watch, common, isPlain: plain).run()
      throw ExitCode.interrupted
    }
    do throws(Diagnostic) {
      let (course, lesson) = try find()
      guard !course.lessons.isEmpty else { throw .notCourse(course.folder) }
      if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
        let status = Classroom(course, common, isPlain: plain).run(lesson, again: again)
        Output.finish(status: status.rawValue)
      }
      read(course, lesson)
    } catch {
      Printer(common).show(error, file: names.joined(separator: " "))
      throw ExitCode.failure
    }
    if Signals.interruption.isRequested { throw ExitCode.interrupted }
  }

  // MARK: Which course, which lesson

  /// The course, and the lesson that was asked for; `nil` where none was.
  private func find() throws(Diagnostic) -> (Course, Int?) {
    guard let first = names.first, LearnCommand.isPath(first) || names.count == 2 else {
      guard let folder = ShippedCourse.folder else {
        throw .noShippedCourse(ShippedCourse.places)
      }
      let course = CourseFolder(folder).course
      return (
        course, try names.first.map { (name) throws(Diagnostic) in try course.place(of: name) }
      )
    }
    var path = first
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    switch CourseFolder.kind(of: path) {
    case .other: throw .notCourse(first)
    case .course:
      let course = CourseFolder(path).course
      guard names.count == 2 else { return (course, nil) }
      return (course, try course.place(of: names[1]))
    case .lesson:
      let slash = path.lastIndex(of: "/")
      let parent = slash.map { String(path[..<$0]) } ?? "."
      let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
      let course = CourseFolder(parent).course
      return (course, try course.place(of: name))
    }
  }

  /// True for a word that names a folder, and not a lesson.
  private static func isPath(_ word: String) -> Bool {
    if word.contains("/") || word == "." || word == ".." { return true }
    if case .other = CourseFolder.kind(of: word) { return false }
    return true
  }

  // MARK: Straight through

  /// Prints the lesson, or the lessons of the course where none was asked for.
  private func read(_ course: Course, _ lesson: Int?) {
    let screen = Screen(common, isPlain: plain)
    guard let lesson else {
      let map = CourseMap(course, Progress(), isPlain: plain, width: Terminal.width)
      screen.show(.report(map.report))
      return
    }
    Signals.watch(endsAtSecond: true)
    var setting = Tutor.Setting(
      common.interpreterConfiguration(directory: "."), show: screen.show)
    setting.isPlain = plain
    setting.prepare = screen.follow
    LessonReading(course.lessons[lesson], setting).run()
    Signals.endIfAsked()
  }
}

extension Course {
  /// The lesson of a number or a name. Throws where there is none.
  fileprivate func place(of name: String) throws(Diagnostic) -> Int {
    guard let place = lesson(named: name) else { throw .unknownLesson(name, in: self) }
    return place
  }
}
