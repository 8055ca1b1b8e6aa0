import ArgumentParser
import Foundation
import Grading
import Notebook
import Syntax
import Writing

extension GradeFormat: ExpressibleByArgument {}

/// `cairn grade CHECKS FOLDER`: grades all, writes what was asked for, and gives the status.
struct GradeBatchRun {
  private let command: GradeSubmissionsCommand
  private let printer: Printer

  init(_ command: GradeSubmissionsCommand) {
    self.command = command
    printer = Printer(command.given)
  }

  /// 0 where all submissions have full marks, 1 where one has not, 2 where one is not gradable.
  func run() throws -> ExitCode {
    Signals.watch(endsAtSecond: true)
    do throws(Diagnostic) {
      let checks = try ChecksFile(ScriptFile.read(command.checks))
      let all = Submission.all(at: command.submissions ?? "")
      guard !all.isEmpty else { throw .noSubmissions(command.submissions ?? "") }
      let grades = batch(checks, try secret()).grades(
        of: all, width: width, isStopped: { Signals.interruption.isRequested })
      let grade = AssignmentGrade(assignment: assignment, submissions: grades)
      try write(grade)
      if grades.count < all.count { return ExitCode(130) }
      return status(of: grades)
    } catch {
      printer.show(error, file: command.checks)
      return .failure
    }
  }

  private var assignment: String {
    let last = command.checks.split(separator: "/").last.map(String.init) ?? command.checks
    return last.hasSuffix(".cairn") ? String(last.dropLast(6)) : last
  }

  private var width: Int { command.jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

  private func batch(_ checks: ChecksFile, _ secret: [UInt8]) -> GradeBatch {
    let process = SubmissionProcess(
      ["/proc/self/exe", GradeChildCommand.name], checks: checks,
      shelter: command.trusted ? [] : .whole)
    let store = command.state.map { GradeStore(folder: $0, version: Version.text) }
    return GradeBatch(
      checks, process, key: SeedKey(secret: secret, course: assignment),
      refuted: refuted(by: checks), store: store)
  }

  /// The tests that the model answer beside the checks does not pass; none where there is none.
  private func refuted(by checks: ChecksFile) -> Set<Int> {
    let folder = command.checks.lastIndex(of: "/").map { command.checks[...$0] } ?? ""
    guard let model = try? ScriptFile.read(folder + "model.cairn") else { return [] }
    let proof = ChecksProof(
      checks, configuration: command.given.interpreterConfiguration(directory: "."))
    return proof.refuted(by: model)
  }

  private func secret() throws(Diagnostic) -> [UInt8] {
    guard let path = command.secret else { return [] }
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
      throw .noSecret(path)
    }
    return [UInt8](data)
  }

  private func write(_ grade: AssignmentGrade) throws(Diagnostic) {
    let formats = command.formats.isEmpty ? [.text] : command.formats
    guard let folder = command.output else {
      for format in formats { printer.put(format.text(of: grade)) }
      if formats == [.text], grade.submissions.count > 1 {
        printer.put("\n" + GradeSummary(of: grade).text(assignment: grade.assignment))
      }
      return
    }
    for (path, text) in formats.flatMap({ $0.files(of: grade) }) {
      let whole = folder + "/" + path
      do {
        try FileManager.default.createDirectory(
          atPath: (whole as NSString).deletingLastPathComponent,
          withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: whole), options: .atomic)
      } catch { throw .notWritten(whole) }
    }
  }

  private func status(of grades: [SubmissionGrade]) -> ExitCode {
    if grades.contains(where: { $0.fault != nil }) { return ExitCode(2) }
    return grades.allSatisfy { $0.points == $0.of } ? .success : .failure
  }
}
