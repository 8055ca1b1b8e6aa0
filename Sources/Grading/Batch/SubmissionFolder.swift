import DataFiles
import Foundation
package import Syntax

/// What was handed in, at a path: one file, a folder, or a zip archive as learning systems give it
/// out, which is read where it lies. Nothing is passed over in silence: each name is a submission,
/// or is told as left out.
package struct SubmissionFolder {
  /// In the order of the students' names.
  package private(set) var submissions: [Submission] = []
  /// What is no submission: the path from the folder on, and why where that is not plain.
  package private(set) var leftOut: [String] = []
  /// True for a folder and an archive, where a single file is one submission.
  package let isBatch: Bool

  /// Looks at what stands there: each `.cairn` file is a submission, and each folder, in which the
  /// submission is `submission.cairn`, or the only `.cairn` file. Links and what is neither file
  /// nor folder are submissions that cannot be graded. An archive may have one folder around all.
  package init(at path: String) throws(Diagnostic) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .noSubmissions(path)
    }
    if isFolder.boolValue {
      isBatch = true
      do { add(try SubmissionEntry.all(inFolder: path)) } catch { throw .noSubmissions(path) }
    } else if let files = try SubmissionFolder.archive(at: path) {
      isBatch = true
      let (entries, nameless) = SubmissionEntry.all(in: files)
      addArchive(entries)
      leftOut += nameless
    } else {
      isBatch = false
      guard SubmissionFolder.isRegular(path) else { throw .noSubmissions(path) }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      submissions = [
        Submission(
          student: SubmissionFolder.student(name), name: name, content: .path(path))
      ]
    }
    guard !submissions.isEmpty else { throw .noSubmissions(path) }
    submissions.sort { $0.student < $1.student }
  }

  /// True for a file, and not for a pipe that nobody may ever write to.
  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The archive at a path; `nil` where there is none, but another file.
  private static func archive(at path: String) throws(Diagnostic) -> ZipFiles? {
    guard isRegular(path), let stream = try? FileStream(path: path),
      (try? ZipFiles.isArchive(stream)) == true
    else { return nil }
    guard let files = try? ZipFiles(stream) else { throw .unreadableArchive(path) }
    guard files.entries.count <= SubmissionEntry.mostEntries else {
      throw .largeArchive(path, files.entries.count, limit: SubmissionEntry.mostEntries)
    }
    return files
  }

  // MARK: Entries

  /// The entries of an archive, or of the one folder around them.
  private mutating func addArchive(_ entries: [SubmissionEntry]) {
    let folders = entries.filter { !$0.isOfSystem && $0.isFolder }
    guard folders.count == 1, case .folder(let inner) = folders[0].kind,
      !entries.contains(where: { $0.isScript }), SubmissionFolder.areMany(inner)
    else { return add(entries) }
    for entry in entries where entry.name != folders[0].name {
      leftOut.append(SubmissionFolder.described(entry))
    }
    add(inner, within: folders[0].name + "/")
  }

  /// True for what is no single student's folder.
  private static func areMany(_ entries: [SubmissionEntry]) -> Bool {
    let scripts = entries.filter(\.isScript)
    guard !scripts.contains(where: { $0.name == chosen }) else { return false }
    return scripts.count > 1 || entries.contains { $0.isFolder && !$0.isOfSystem }
  }

  private mutating func add(_ entries: [SubmissionEntry], within folder: String = "") {
    let names = Set(entries.map(\.name))
    for entry in entries {
      // A file beside a folder of its name is another submission, by its whole name.
      let short = SubmissionFolder.student(entry.name)
      let student = names.contains(short) ? entry.name : short
      switch entry.kind {
      case _ where entry.isOfSystem: leftOut.append(folder + SubmissionFolder.described(entry))
      case .file(let content) where entry.isScript:
        submissions.append(Submission(student: student, name: entry.name, content: content))
      case .file: leftOut.append(folder + entry.name)
      case .folder(let inner): add(studentOf: entry.name, inner, within: folder)
      case .other:
        submissions.append(
          Submission(student: student, name: entry.name, content: entry.content))
      }
    }
  }

  /// What stands in a student's folder.
  private mutating func add(
    studentOf name: String, _ entries: [SubmissionEntry], within folder: String
  ) {
    let scripts = entries.filter { $0.isScript && !$0.isFolder }
    let submitted =
      scripts.first { $0.name == SubmissionFolder.chosen }
      ?? (scripts.count == 1 ? scripts[0] : nil)
    let content = submitted?.content ?? .none(SubmissionFolder.noneAmong(scripts))
    submissions.append(
      Submission(student: name, name: submitted?.name ?? "", content: content))
    leftOut += entries.filter { $0.name != submitted?.name }.map {
      "\(folder)\(name)/\(SubmissionFolder.described($0))"
    }
  }

  /// Why none of them is the submission.
  private static func noneAmong(_ scripts: [SubmissionEntry]) -> String {
    guard !scripts.isEmpty else { return "its folder has no '.cairn' file" }
    return "its folder has several '.cairn' files, none of them '\(chosen)': "
      + scripts.map(\.name).joined(separator: ", ")
  }

  /// Of several files in a student's folder, the one that counts.
  private static let chosen = "submission.cairn"

  private static func described(_ entry: SubmissionEntry) -> String {
    switch entry.kind {
    case .file: entry.name
    case .folder: entry.name + "/"
    case .other(let reason): "\(entry.name) (\(reason))"
    }
  }

  private static func student(_ name: String) -> String {
    name.hasSuffix(SubmissionEntry.suffix) && name != SubmissionEntry.suffix
      ? String(name.dropLast(SubmissionEntry.suffix.count)) : name
  }
}
