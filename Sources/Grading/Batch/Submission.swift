import Foundation

/// What one student handed in.
package struct Submission: Sendable {
  /// Whose it is: the path in the folder that is graded, without the ending of a file.
  package let student: String
  /// The file; `nil` where there is none to grade.
  package let path: String?

  /// What stands in a folder: each `.cairn` file is one, and each folder, in which the submission
  /// is `submission.cairn`, or the only `.cairn` file. A file by itself is one submission. In the
  /// order of the students' names.
  package static func all(at path: String) -> [Submission] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else {
      return [Submission(student: name(of: path), path: path)]
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { entry in
      let whole = path + "/" + entry
      switch kind(of: whole) {
      case .folder: return Submission(student: entry, path: only(in: whole))
      case .file where entry.hasSuffix(".cairn"):
        return Submission(student: name(of: entry), path: whole)
      // A link could lead to the checks, or to somebody else's file.
      case .link where entry.hasSuffix(".cairn"):
        return Submission(student: name(of: entry), path: nil)
      case .file, .link, .other: return nil
      }
    }
  }

  private enum Kind { case file, folder, link, other }

  private static func kind(of path: String) -> Kind {
    switch (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType {
    case .typeRegular: .file
    case .typeDirectory: .folder
    case .typeSymbolicLink: .link
    default: .other
    }
  }

  private static func only(in folder: String) -> String? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      $0.hasSuffix(".cairn") && !$0.hasPrefix(".") && kind(of: folder + "/" + $0) == .file
    }
    let chosen = names.contains("submission.cairn") ? "submission.cairn" : names.first
    guard let chosen, names.count == 1 || chosen == "submission.cairn" else { return nil }
    return folder + "/" + chosen
  }

  private static func name(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".cairn") ? String(last.dropLast(6)) : last
  }
}
