package import Syntax
import Writing

/// The wording of folders that are no courses, and of courses that cannot be made.
extension Diagnostic {
  /// Raised where `course new` would write over something.
  static func folderIsThere(_ folder: String) -> Diagnostic {
    Diagnostic(
      .io, "folder-exists", "\(FileFailure.shown(folder)) is there already, and stays as it is",
      at: nil, hint: "choose another name, or remove it first")
  }

  /// Raised where a folder cannot be made, for the system's reason.
  static func folderNotMade(_ folder: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .io, "unwritable", "the folder \(FileFailure.shown(folder)) cannot be made: \(reason)",
      at: nil)
  }

  /// Raised where a path holds neither a course nor a lesson.
  package static func notCourse(_ path: String) -> Diagnostic {
    Diagnostic(
      .io, "not-a-course",
      "\(FileFailure.shown(path)) is no course: it has no course.md, and no folder '01-some-name' "
        + "with a file lesson.cairn",
      at: nil, hint: "'cairn course new NAME' makes a small one")
  }

  /// Raised where the course that comes with Cairn is not found.
  package static func noShippedCourse(_ places: [String]) -> Diagnostic {
    Diagnostic(
      .io, "no-course",
      "the course is not found: there is no course.md in "
        + places.map(FileFailure.shown).joined(separator: ", "),
      at: nil, hint: "name its folder: 'cairn learn ./lessons'")
  }

  /// Raised where a course has no such lesson.
  package static func unknownLesson(_ name: String, in course: Course) -> Diagnostic {
    let names = course.lessons.map(\.folderName)
    let near = Suggestion.closest(to: name, among: names + course.lessons.map(\.name))
    return Diagnostic(
      .name, "unknown-lesson",
      "there is no lesson '\(name)': they are numbered "
        + "\(course.lessons.first?.number ?? 0) to \(course.lessons.last?.number ?? 0)",
      at: nil, hint: near.map { "did you mean '\($0)'?" } ?? "'cairn learn' shows them all")
  }
}
