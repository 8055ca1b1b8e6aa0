import ArgumentParser
import Foundation
import Grading
import Synchronization
import Syntax
import Writing

extension GradeFormat: ExpressibleByArgument {}

/// Where grades go: standard output, files in a folder, or one file.
struct GradeOutput {
  /// The code of the diagnostic of what cannot be written.
  static let failure = "not-written"

  private let formats: [GradeFormat]
  private let path: String?
  private let isSingle: Bool
  private let printer: Printer

  /// - Parameter isSingle: True where one submission is graded, and not a folder of them.
  init(_ command: GradeSubmissionsCommand, isSingle: Bool) {
    formats = command.formats.isEmpty ? [.text] : command.formats
    path = command.output
    self.isSingle = isSingle
    printer = Printer(command.given)
  }

  /// The one file that is written; `nil` where none or several are: `-o` names a folder where there
  /// is one, or where it ends with a slash.
  private var file: String? {
    guard let path, formats.count == 1, isSingle || !formats[0].isOfOneSubmission,
      !path.hasSuffix("/")
    else { return nil }
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return isThere && isFolder.boolValue ? nil : path
  }

  /// Throws where what is to be written will not be taken, before anything is graded.
  func check() throws(Diagnostic) {
    guard let path else { return }
    let folder = file == nil ? path : folder(of: path)
    try make(folder, for: path)
    guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0,
      file.map({ access($0, W_OK) == 0 || errno == ENOENT }) ?? true
    else { throw .notWritten(path) }
  }

  /// Writes grades in all formats; to standard output, of a folder as text, with a summary.
  func write(_ grade: AssignmentGrade, summary: () -> String) throws(Diagnostic) {
    guard let path else {
      for format in formats { printer.put(format.text(of: grade)) }
      if formats == [.text] {
        printer.put(
          isSingle
            ? grade.shelters.map { "  shut in by: \($0)\n" }.joined() : "\n" + summary())
      }
      return
    }
    if let file { return try put(formats[0].text(of: grade), in: file) }
    for (name, text) in formats.flatMap({ $0.files(of: grade) }) {
      try put(text, in: path + "/" + name)
    }
    if !isSingle, formats.contains(.text) { try put(summary(), in: path + "/summary.txt") }
  }

  private func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  private func make(_ folder: String, for path: String) throws(Diagnostic) {
    guard !folder.isEmpty else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw .notWritten(path) }
  }

  fileprivate func put(_ text: String, in path: String) throws(Diagnostic) {
    try make(folder(of: path), for: path)
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw .notWritten(path)
    }
  }

  /// Keeps a file of one submission at what is known, for a service that may end the grader at any
  /// time; `nil` where that is not what is written.
  func partial(student: String, _ checks: ChecksFile, assignment: String) -> KnownTests? {
    guard isSingle, formats == [.gradescope], let file else { return nil }
    return KnownTests(student: student, checks: checks, path: file, output: self)
  }
}

/// The tests of a submission that have ended, in a file that is written anew with each.
final class KnownTests: Sendable {
  private let student: String
  private let checks: ChecksFile
  private let path: String
  private let output: GradeOutput
  private let tests = Mutex<[TestGrade]>([])

  init(student: String, checks: ChecksFile, path: String, output: GradeOutput) {
    (self.student, self.checks, self.path, self.output) = (student, checks, path, output)
  }

  /// A test has ended.
  func add(_ test: TestGrade) {
    tests.withLock { $0.append(test) }
    write()
  }

  /// Writes what is known. What is not taken now is written at the end, or told then.
  func write() {
    let known = tests.withLock { $0 }
    let numbers = Set(known.map(\.number))
    let waiting = checks.grades(of: .init(outcome: .notGradable, message: ""))
      .filter { !numbers.contains($0.number) }
    let grade = SubmissionGrade(student: student, digest: "", tests: known)
    try? output.put(GradescopeFormat.text(of: grade, waiting: waiting), in: path)
  }
}
