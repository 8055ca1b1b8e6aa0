import Foundation
import Grading
import Syntax
import Writing

/// Where grades are written to, as `-o` says: files in a folder, or one file.
struct GradeOutput {
  private enum Place {
    case file(String)
    case folder(String)
  }

  private let place: Place
  private let formats: [GradeFormat]

  /// A file where there is one format, and the path is that of a file or has an ending; else a
  /// folder. Throws where one file would have to hold what the format has a file each for.
  init(_ path: String, _ formats: [GradeFormat], submissions: Int) throws(Diagnostic) {
    self.formats = formats
    var status = stat()
    let isThere = stat(path, &status) == 0
    let last = path.split(separator: "/").last ?? ""
    let isFile =
      isThere
      ? status.st_mode & S_IFMT != S_IFDIR
      : !path.hasSuffix("/") && last.dropFirst().contains(".")
    guard isFile else {
      place = .folder(path)
      return
    }
    guard formats.count == 1, submissions == 1 || !formats[0].isOfOneSubmission else {
      throw .notOneFile(path)
    }
    place = .file(path)
  }

  /// Makes the folder, and throws where nothing could be written there.
  func prepare() throws(Diagnostic) {
    switch place {
    case .folder(let path): try prepare(folder: path)
    case .file(let path):
      let parent = (path as NSString).deletingLastPathComponent
      try prepare(folder: parent.isEmpty ? "." : parent)
      guard access(path, F_OK) != 0 || access(path, W_OK) == 0 else {
        throw .unwritableOutput(FileFailure.shown(path), .system(errno))
      }
    }
  }

  private func prepare(folder: String) throws(Diagnostic) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw .unwritableOutput(FileFailure.shown(folder), .system(errno))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritableOutput(FileFailure.shown(folder), .system(ENOTDIR))
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unwritableOutput(FileFailure.shown(folder), .closedDirectory(errno))
    }
  }

  /// Writes all files, each whole or not at all.
  func write(_ grade: AssignmentGrade) throws(Diagnostic) {
    switch place {
    case .file(let path): try ScriptFile.write(formats[0].text(of: grade), to: path)
    case .folder(let folder):
      for (path, text) in formats.flatMap({ $0.files(of: grade) }) {
        let whole = folder + "/" + path
        try prepare(folder: (whole as NSString).deletingLastPathComponent)
        try ScriptFile.write(text, to: whole)
      }
    }
  }

  /// The file of Gradescope's for the only submission; `nil` where none is written.
  func gradescope(student: String) -> String? {
    guard formats.contains(.gradescope) else { return nil }
    switch place {
    case .file(let path): return path
    case .folder(let folder):
      let grade = SubmissionGrade(student: student, digest: "", tests: [])
      let files = GradeFormat.gradescope.files(
        of: AssignmentGrade(assignment: "", submissions: [grade]))
      return files.first.map { folder + "/" + $0.path }
    }
  }
}
