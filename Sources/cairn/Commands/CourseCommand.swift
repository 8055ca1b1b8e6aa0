import ArgumentParser
import Glibc
import Lessons
import Notebook
import Syntax
import Writing

/// `cairn course`: for those who write courses.
struct CourseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "course", abstract: "Write courses: lessons with questions and exercises.",
    subcommands: [NewCourseCommand.self, CheckCourseCommand.self])
}

/// `cairn course new NAME`: a small whole course, to be written over.
struct NewCourseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a small course that passes 'cairn course check'.")

  @OptionGroup var given: CommonOptions

  @ArgumentParser.Argument(help: ArgumentHelp("The folder to make.", valueName: "name"))
  var name: String

  func run() throws {
    let printer = Printer(given)
    do throws(Diagnostic) {
      try CourseSkeleton.write(to: name)
    } catch {
      printer.show(error, file: name)
      throw ExitCode.failure
    }
    printer.put(CourseText.made(name))
  }
}

/// `cairn course check FOLDER`: proves what a course promises.
struct CheckCourseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that lessons reproduce themselves and items take what they should.",
    discussion: """
      Each model answer has to earn full marks, and the stub, each wrong answer, an empty one, one \
      that cannot be read, one that never ends and one that fails have to earn none. Recorded \
      output has to be what cells print, numbers in prose have to stand in cells, files have to be \
      laid out canonically, and links have to lead somewhere. Each finding is a line \
      'FILE:LINE: what'; the status is 1 where there is one.
      """)

  @OptionGroup var given: CommonOptions

  @ArgumentParser.Argument(
    help: ArgumentHelp("A course, or the folder of one of its lessons.", valueName: "folder"))
  var folder: String

  func run() throws {
    let printer = Printer(given)
    Signals.watch(endsAtSecond: true)
    guard let course = read() else {
      printer.show(.notCourse(folder), file: folder)
      throw ExitCode.failure
    }
    let check = CourseCheck(given.interpreterConfiguration(directory: folder))
    var count = 0
    func tell(_ findings: [Finding]) {
      for finding in findings { printer.put(finding.text + "\n") }
      count += findings.count
    }
    tell(course.findings)
    for lesson in course.course.lessons where !check.isStopped {
      tell(check.findings(of: lesson))
    }
    Signals.endIfAsked()
    if check.isStopped { throw ExitCode.interrupted }
    let lessons = course.course.lessons
    printer.put(
      CourseText.checked(
        lessons: lessons.count, items: lessons.reduce(0) { $0 + $1.items.count }, findings: count))
    if count > 0 { throw ExitCode.failure }
  }

  /// The course, or the one lesson that the path names; `nil` where it is neither.
  private func read() -> CourseFolder? {
    var path = folder
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    switch CourseFolder.kind(of: path) {
    case .course: return CourseFolder(path)
    case .lesson:
      guard let slash = path.lastIndex(of: "/") else { return CourseFolder(".", only: path) }
      return CourseFolder(String(path[..<slash]), only: String(path[path.index(after: slash)...]))
    case .other: return nil
    }
  }
}
