import Foundation
import Syntax
import Writing

/// Reads a course from its folder, as far as it can be read, and notes what is wrong with it.
package struct CourseFolder {
  /// What was read.
  package let course: Course
  /// What is wrong with its form: nothing of it has run.
  package let findings: [Finding]

  /// What a folder is to `cairn learn` and `cairn course`.
  package enum Kind {
    /// It holds course.md, or folders of lessons.
    case course
    /// It holds lesson.cairn.
    case lesson
    /// It is neither, or not there.
    case other
  }

  /// What a path leads to.
  package static func kind(of path: String) -> Kind {
    if exists(path + "/lesson.cairn") { return .lesson }
    if exists(path + "/course.md") { return .course }
    return lessonFolders(in: path).isEmpty ? .other : .course
  }

  /// The course in a folder.
  ///
  /// - Parameter only: The one lesson that is read, by its folder's name; `nil` for all.
  package init(_ folder: String, only: String? = nil) {
    let folder = CourseFolder.withoutSlash(folder)
    var findings: [Finding] = []
    let page = only == nil ? CourseFolder.page(folder, &findings) : (title: "", Prose([]))
    var lessons: [Lesson] = []
    /// The files of items by their IDs.
    var known: [String: String] = [:]
    for name in CourseFolder.lessonFolders(in: folder) where only == nil || name == only {
      guard let lesson = CourseFolder.lesson(folder + "/" + name, &known, &findings) else {
        continue
      }
      if let other = lessons.first(where: { $0.number == lesson.number }) {
        findings.append(
          Finding(
            lesson.folder, nil,
            CourseProblem.sameNumber(lesson.number, as: other.folderName).message))
      }
      if let other = lessons.first(where: { $0.name == lesson.name }) {
        findings.append(
          Finding(
            lesson.folder, nil, CourseProblem.sameName(lesson.name, as: other.folderName).message))
      }
      lessons.append(lesson)
    }
    if lessons.isEmpty {
      findings.append(Finding(folder, nil, CourseProblem.noLessons.message))
    }
    course = Course(
      title: page.0, introduction: page.1,
      lessons: lessons.sorted { ($0.number, $0.name) < ($1.number, $1.name) }, folder: folder)
    self.findings = findings
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// The names of the folders whose names begin with a number and a hyphen, sorted by the number.
  private static func lessonFolders(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let numbered = names.compactMap { name in
      split(name).flatMap { isFolder(folder + "/" + name) ? (number: $0.number, name: name) : nil }
    }
    return numbered.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// `1` and `what-a-step-keeps` of `01-what-a-step-keeps`.
  private static func split(_ name: String) -> (number: Int, name: String)? {
    guard let match = name.wholeMatch(of: /([0-9]+)-(.+)/), let number = Int(match.output.1) else {
      return nil
    }
    return (number, String(match.output.2))
  }

  /// Title and introduction in course.md.
  private static func page(_ folder: String, _ findings: inout [Finding]) -> (String, Prose) {
    let path = folder + "/course.md"
    guard exists(path) else {
      findings.append(Finding(path, nil, CourseProblem.noCourseFile.message))
      return ("", Prose([]))
    }
    guard let text = text(path, &findings) else { return ("", Prose([])) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.first, first.hasPrefix("# "), !first.dropFirst(2).isEmpty else {
      findings.append(Finding(path, 1, CourseProblem.noTitle.message))
      return ("", Prose(lines))
    }
    return (String(first.dropFirst(2)).trimmed, Prose(Array(lines.dropFirst())))
  }

  /// A file's text; `nil`, with a finding, where it cannot be read.
  private static func text(_ path: String, _ findings: inout [Finding]) -> String? {
    do throws(Diagnostic) {
      return try ScriptFile.read(path).text
    } catch {
      findings.append(Finding(path, nil, CourseProblem.unreadableFile(error.message).message))
      return nil
    }
  }

  // MARK: Lessons

  private static func lesson(
    _ folder: String, _ known: inout [String: String], _ findings: inout [Finding]
  ) -> Lesson? {
    let folderName = folder.split(separator: "/").last.map(String.init) ?? folder
    guard let (number, name) = split(folderName) else { return nil }
    let path = folder + "/lesson.cairn"
    guard exists(path) else {
      findings.append(Finding(folder, nil, CourseProblem.noLessonFile.message))
      return nil
    }
    guard let text = text(path, &findings) else { return nil }
    // Recorded messages name the file so.
    let parsed = Parser.parse(SourceText(name: "lesson.cairn", text: text))
    for fault in parsed.faults {
      findings.append(Finding(path, fault.range?.start.line, fault.message))
    }
    let file = LessonFile(parsed.script)
    return Lesson(
      number: number, name: name, title: file.heading?.title ?? name, folder: folder, file: file,
      items: items(folder + "/items", &known, &findings))
  }

  private static func items(
    _ folder: String, _ known: inout [String: String], _ findings: inout [Finding]
  ) -> [String: Item] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var items: [String: Item] = [:]
    for name in names.sorted() where name.hasSuffix(".cairn") && !name.hasPrefix(".") {
      let path = folder + "/" + name
      guard let text = text(path, &findings) else { continue }
      var reader = ItemReader(file: path)
      let item = reader.item(text, directory: folder)
      findings += reader.findings
      guard let item else { continue }
      if let first = known[item.id] {
        findings.append(Finding(path, 1, CourseProblem.secondItem(item.id, first: first).message))
      }
      known[item.id] = path
      items[item.id] = item
    }
    return items
  }
}
