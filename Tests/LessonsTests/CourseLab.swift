import Foundation
import Syntax

@testable import Lessons

/// A folder for one test, which removes it at its end.
final class CourseLab {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/cairn-course-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder.
  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  /// The skeleton's course, in `course` below the folder.
  func skeleton() throws -> CourseFolder {
    try CourseSkeleton.write(to: path + "/course")
    return CourseFolder(path + "/course")
  }

  /// Replaces a part of a file of the skeleton's lesson, and gives what a check then finds.
  func findings(replacing part: String, by other: String, in name: String) throws -> [String] {
    let file = "course/01-first-steps/" + name
    let before = try text(file)
    try write(file, before.replacingOccurrences(of: part, with: other))
    defer { try? write(file, before) }
    return CourseCheck(.init()).findings(of: CourseFolder(path + "/course")).map(\.text)
  }
}

extension Item {
  /// The item of a text; the name of its file follows from its head.
  static func of(_ text: String) throws -> Item {
    let head = text.split(separator: "\n").first?.split(separator: " ") ?? []
    var reader = ItemReader(file: "items/\(head.count > 3 ? head[3] : "none").cairn")
    guard let item = reader.item(text, directory: ".") else {
      throw Unreadable(findings: reader.findings)
    }
    return item
  }

  struct Unreadable: Error { let findings: [Finding] }

  /// What is wrong with the form of a text.
  static func problems(_ text: String, named name: String = "a") -> [String] {
    var reader = ItemReader(file: "items/\(name).cairn")
    _ = reader.item(text, directory: ".")
    return reader.findings.map(\.text)
  }
}
