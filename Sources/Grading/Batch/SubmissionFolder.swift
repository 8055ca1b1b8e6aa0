import Foundation
package import Syntax

/// What stands at a path that is to be graded: submissions, and what is none.
///
/// In a folder, or a zip archive, each `.cairn` file is a submission, and each folder, in which it
/// is `submission.cairn`, or the only `.cairn` file. Where all of an archive stands in one folder,
/// that is looked through. A file by itself is one submission.
package struct SubmissionFolder: Sendable {
  /// In the order of the students' names, each of which is there once.
  package let submissions: [Submission]
  /// Paths of what is no submission, in order.
  package let leftOut: [String]
  /// True where it is a single file.
  package let isSingle: Bool

  /// Looks at what stands at a path. Throws where nothing does, and where it is an archive that
  /// cannot be read.
  package init(at path: String) throws(Diagnostic) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .noSubmissions(path)
    }
    isSingle = !isFolder.boolValue && !path.lowercased().hasSuffix(".zip")
    guard !isSingle else {
      submissions = [SubmissionFolder.file(path, in: DiskTree(root: ""), student: name(of: path))]
      leftOut = []
      return
    }
    let tree: any FileTree =
      isFolder.boolValue ? DiskTree(root: path + "/") : try ArchiveTree(path: path)
    var found = Findings(tree)
    found.lookThrough("", isWrapped: !isFolder.boolValue)
    found.takeUnplaced()
    guard !found.submissions.isEmpty else { throw .noSubmissions(path) }
    submissions = found.submissions.sorted { $0.student < $1.student }
    leftOut = found.leftOut.sorted()
  }

  fileprivate static func file(
    _ path: String, in tree: any FileTree, student: String
  ) -> Submission {
    Submission(
      student: student,
      content: .file(name: last(of: path)) { () throws(Diagnostic) in try tree.read(path) })
  }

  /// What is found on the way through a tree.
  private struct Findings {
    let tree: any FileTree
    var submissions: [Submission] = []
    var leftOut: [String] = []

    init(_ tree: any FileTree) { self.tree = tree }

    /// Takes what stands in a folder, whose path is empty or ends with a slash; where `isWrapped`,
    /// what stands in a folder around all.
    mutating func lookThrough(_ folder: String, isWrapped: Bool = false) {
      let entries = tree.entries(of: folder)
      let shown = entries.filter { !isHidden($0.name) }
      if isWrapped, shown.count == 1, shown[0].kind == .folder,
        holdsSeveral(folder + shown[0].name + "/")
      {
        leftOut += entries.filter { isHidden($0.name) }.map { folder + $0.name }
        return lookThrough(folder + shown[0].name + "/")
      }
      let folders = Set(shown.filter { $0.kind == .folder }.map(\.name))
      for entry in entries {
        let path = folder + entry.name
        let isText = entry.name.hasSuffix(suffix) && !isHidden(entry.name)
        switch entry.kind {
        case .folder where !isHidden(entry.name): take(folder: path + "/", of: entry.name)
        case .file where isText:
          // A folder and a file of one name are two students.
          let student = name(of: entry.name)
          submissions.append(
            SubmissionFolder.file(
              path, in: tree, student: folders.contains(student) ? entry.name : student))
        case .link where isText:
          // It could lead to the checks, or to somebody else's file.
          refuse(name(of: entry.name), "it is a symbolic link, which is not followed")
        case .other where isText: refuse(name(of: entry.name), "it is no regular file")
        case .file, .folder, .link, .other: leftOut.append(path)
        }
      }
    }

    /// Takes a student's folder.
    private mutating func take(folder: String, of student: String) {
      let entries = tree.entries(of: folder)
      let texts = entries.filter { $0.name.hasSuffix(suffix) && !isHidden($0.name) }
      let files = texts.filter { $0.kind == .file }
      let chosen =
        files.first { $0.name == usualName } ?? (files.count == 1 ? files.first : nil)
      if let chosen {
        submissions.append(
          SubmissionFolder.file(folder + chosen.name, in: tree, student: student))
      } else if !files.isEmpty {
        refuse(
          student,
          "its folder has \(files.count) files whose names end in '\(suffix)': expected one, "
            + "or one called '\(usualName)'")
      } else if texts.isEmpty {
        refuse(student, "its folder has no file whose name ends in '\(suffix)'")
      } else {
        refuse(student, "what its folder has is no regular file: links are not followed")
      }
      leftOut += entries.filter { $0.name != chosen?.name }.map { folder + $0.name }
    }

    /// Takes what has a name, and no place.
    mutating func takeUnplaced() {
      for (name, why) in tree.unplaced {
        if name.hasSuffix(suffix) {
          refuse(String(name.dropLast(suffix.count)), why)
        } else {
          leftOut.append(name)
        }
      }
    }

    private mutating func refuse(_ student: String, _ why: String) {
      submissions.append(Submission(student: student, content: .nothing(why: why)))
    }

    /// True for a folder around all submissions, and false for one student's.
    private func holdsSeveral(_ folder: String) -> Bool {
      let texts = texts(in: folder)
      let folders = tree.entries(of: folder).filter {
        $0.kind == .folder && !isHidden($0.name) && !self.texts(in: folder + $0.name + "/").isEmpty
      }
      return texts.isEmpty
        ? !folders.isEmpty : texts.count + folders.count > 1 && !texts.contains(usualName)
    }

    private func texts(in folder: String) -> [String] {
      tree.entries(of: folder).map(\.name).filter { $0.hasSuffix(suffix) && !isHidden($0) }
    }
  }
}

private let suffix = ".cairn"
private let usualName = "submission.cairn"

/// True for what systems put beside people's files.
private func isHidden(_ name: String) -> Bool { name.hasPrefix(".") || name == "__MACOSX" }

private func last(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

private func name(of path: String) -> String {
  let last = last(of: path)
  return last.hasSuffix(suffix) ? String(last.dropLast(suffix.count)) : last
}
