import ArgumentParser
import Foundation
import Grading
import Notebook
import Syntax
import Writing

/// `cairn grade CHECKS FOLDER`: grades all, writes what was asked for, and gives the status.
struct GradeBatchRun {
  private let command: GradeSubmissionsCommand
  private let printer: Printer

  init(_ command: GradeSubmissionsCommand) {
    self.command = command
    printer = Printer(command.given)
  }

  /// 0 where all tests of all submissions passed, 1 where one did not, 2 where a submission is not
  /// gradable, 74 where grades cannot be written, 130 where it was stopped.
  func run() throws -> ExitCode {
    Signals.watch(endsAtSecond: true)
    do throws(Diagnostic) {
      let checks = try ChecksFile(ScriptFile.read(command.checks))
      let folder = try SubmissionFolder(at: command.submissions ?? "")
      let output = GradeOutput(command, isSingle: folder.isSingle)
      try output.check()
      let grades = try grades(of: folder, checks, output)
      let grade = AssignmentGrade(
        assignment: assignment, submissions: grades, leftOut: folder.leftOut)
      try output.write(grade) { summary(of: grade, folder) }
      if grades.count < folder.submissions.count { return ExitCode(130) }
      return status(of: grades)
    } catch {
      printer.show(error, file: command.checks)
      return error.code == GradeOutput.failure ? ExitCode(Output.lost) : .failure
    }
  }

  private var assignment: String {
    let last = command.checks.split(separator: "/").last.map(String.init) ?? command.checks
    return last.hasSuffix(".cairn") ? String(last.dropLast(6)) : last
  }

  private var width: Int { command.jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

  private func grades(
    of folder: SubmissionFolder, _ checks: ChecksFile, _ output: GradeOutput
  ) throws(Diagnostic) -> [SubmissionGrade] {
    let batch = try batch(checks, isKept: !folder.isSingle)
    nonisolated(unsafe) let line = ProgressLine()
    let known = output.partial(
      student: folder.submissions[0].student, checks, assignment: assignment)
    known?.write()
    let all = folder.submissions
    let grades = batch.grades(
      of: all, width: width, isStopped: { Signals.interruption.isRequested },
      told: { known?.add($0) }, finished: { line?.show(graded: $0, of: all.count) })
    line?.erase()
    return grades
  }

  private func batch(_ checks: ChecksFile, isKept: Bool) throws(Diagnostic) -> GradeBatch {
    let files = try GradeImports.read(command.imports)
    let process = SubmissionProcess(
      ["/proc/self/exe", GradeChildCommand.name], checks: checks, files: files,
      shelter: command.trusted ? [] : .whole)
    let state = command.state ?? (isKept ? StateFolder.path.map { $0 + "/grades" } : nil)
    return GradeBatch(
      checks, process, key: SeedKey(secret: try secret(), course: assignment),
      refuted: refuted(by: checks, files),
      store: state.map { GradeStore(folder: $0, version: Version.text) }, isFresh: command.fresh)
  }

  /// The tests that the model answer beside the checks does not pass; none where there is none.
  private func refuted(by checks: ChecksFile, _ files: [String: String]) -> Set<Int> {
    guard let model = beside("model.cairn") else { return [] }
    let proof = ChecksProof(
      checks, files: files, configuration: command.given.interpreterConfiguration(directory: "."))
    return proof.refuted(by: model)
  }

  /// A file beside the checks; `nil` where there is none.
  private func beside(_ name: String) -> SourceText? {
    let folder = command.checks.lastIndex(of: "/").map { command.checks[...$0] } ?? ""
    return try? ScriptFile.read(folder + name)
  }

  private func secret() throws(Diagnostic) -> [UInt8] {
    guard let path = command.secret else { return [] }
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
      throw .noSecret(path)
    }
    return [UInt8](data)
  }

  /// What the instructor reads of all.
  private func summary(of grade: AssignmentGrade, _ folder: SubmissionFolder) -> String {
    let texts = folder.submissions.compactMap { submission in
      (try? submission.text()).map { (student: submission.student, text: $0.text) }
    }
    return GradeSummary(of: grade, texts: texts, stub: beside("stub.cairn")?.text)
      .text(assignment: grade.assignment)
  }

  private func status(of grades: [SubmissionGrade]) -> ExitCode {
    if grades.contains(where: { $0.fault != nil }) { return ExitCode(2) }
    return grades.allSatisfy(\.isPassed) ? .success : .failure
  }
}
