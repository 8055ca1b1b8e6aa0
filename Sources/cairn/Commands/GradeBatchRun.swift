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
  /// What starts a process for a submission.
  private let child = ["/proc/self/exe", GradeChildCommand.name]
  private let limits = CheckLimits.usual

  init(_ command: GradeSubmissionsCommand) {
    self.command = command
    printer = Printer(command.given)
  }

  /// 0 where every test passed, 1 where one did not, 2 where a submission is not gradable.
  func run() throws -> ExitCode {
    Signals.watch(endsAtSecond: true)
    do throws(Diagnostic) {
      let checks = try ChecksFile(ScriptFile.read(command.checks))
      let folder = try SubmissionFolder(at: command.submissions ?? "")
      let found = ShelterProbe.found(child, limits: limits)
      guard found.isSuperset(of: shelter) else { throw .notShutIn(found) }
      let output = try output(for: folder)
      try output?.prepare()
      let batch = try batch(checks, folder)
      let graded = graded(folder, batch, unfinished(checks, folder, output))
      let grade = AssignmentGrade(
        assignment: assignment, submissions: graded.map(\.grade), shelter: found.text,
        leftOut: folder.leftOut, codes: checks.visibleCodes)
      try write(grade, graded, output)
      return status(of: graded, folder)
    } catch {
      printer.show(error, file: command.checks)
      return status(of: error)
    }
  }

  // MARK: What it works with

  private var assignment: String {
    let last = command.checks.split(separator: "/").last.map(String.init) ?? command.checks
    return last.hasSuffix(".cairn") ? String(last.dropLast(6)) : last
  }

  private var formats: [GradeFormat] { command.formats.isEmpty ? [.text] : command.formats }
  private var width: Int { command.jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
  private var shelter: Shelter { command.trusted ? [] : .whole }

  private func output(for folder: SubmissionFolder) throws(Diagnostic) -> GradeOutput? {
    guard let path = command.output else { return nil }
    return try GradeOutput(path, formats, submissions: folder.submissions.count)
  }

  private func batch(
    _ checks: ChecksFile, _ folder: SubmissionFolder
  ) throws(Diagnostic) -> GradeBatch {
    let files = try command.imports.read()
    let process = SubmissionProcess(
      child, checks: checks, limits: limits, threads: command.given.threads ?? 1,
      shelter: shelter)
    return GradeBatch(
      checks, process, key: SeedKey(secret: try secret(), course: assignment),
      refuted: refuted(by: checks, files), files: files, store: try store(for: folder))
  }

  /// Where grades are kept: of a single submission only where a folder is named for them.
  private func store(for folder: SubmissionFolder) throws(Diagnostic) -> GradeStore? {
    if let path = command.state { return try store(at: path) }
    guard folder.isBatch, let path = StateFolder.path else { return nil }
    do { return try store(at: path + "/grades") } catch {
      note("grades are not kept: \(error.message)")
      return nil
    }
  }

  private func store(at path: String) throws(Diagnostic) -> GradeStore {
    try GradeStore(
      folder: path, version: Version.build, limits: limits, shelter: shelter,
      isFresh: command.fresh)
  }

  /// A file beside the checks; `nil` where there is none.
  private func beside(_ name: String) -> SourceText? {
    let folder = command.checks.lastIndex(of: "/").map { command.checks[...$0] } ?? ""
    return try? ScriptFile.read(folder + name)
  }

  /// The tests that the model answer beside the checks does not pass; none where there is none.
  private func refuted(by checks: ChecksFile, _ files: [String: String]) -> Set<Int> {
    guard let model = beside("model.cairn") else { return [] }
    let proof = ChecksProof(
      checks, files: files, configuration: command.given.interpreterConfiguration(directory: "."))
    return proof.refuted(by: model)
  }

  private func secret() throws(Diagnostic) -> [UInt8] {
    guard let path = command.secret else { return [] }
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
      throw .noSecret(path)
    }
    return [UInt8](data)
  }

  // MARK: Grading

  private func graded(
    _ folder: SubmissionFolder, _ batch: GradeBatch, _ unfinished: UnfinishedGrade?
  ) -> [GradeBatch.Graded] {
    let progress = GradeProgress(of: folder.submissions.count)
    defer { progress?.end() }
    return batch.grades(
      of: folder.submissions, width: width, isStopped: { Signals.interruption.isRequested },
      told: { event in
        progress?.hear(event)
        unfinished?.hear(event)
      })
  }

  /// What writes Gradescope's file as tests end; `nil` where that is not asked for.
  private func unfinished(
    _ checks: ChecksFile, _ folder: SubmissionFolder, _ output: GradeOutput?
  ) -> UnfinishedGrade? {
    guard folder.submissions.count == 1, let student = folder.submissions.first?.student,
      let path = output?.gradescope(student: student)
    else { return nil }
    // What cannot be written is said at the end, when the whole grade is.
    return UnfinishedGrade(checks, student: student) { try? ScriptFile.write($0, to: path) }
  }

  // MARK: Ends

  private func write(
    _ grade: AssignmentGrade, _ found: [GradeBatch.Graded], _ output: GradeOutput?
  ) throws(Diagnostic) {
    if let output {
      try output.write(grade)
    } else {
      for format in formats { printer.put(format.text(of: grade)) }
    }
    let isRead = output != nil || formats == [.text]
    if isRead, found.count > 1 {
      if output == nil { printer.put("\n") }
      printer.put(summary(grade, found).text(assignment: grade.assignment))
      return
    }
    if output == nil, formats == [.text] {
      printer.put("submissions were shut in by: \(grade.shelter ?? "nothing")\n")
    }
    if !formats.contains(.json) {
      for name in grade.leftOut { note("left out, since it is no submission: \(name)") }
    }
  }

  private func summary(
    _ grade: AssignmentGrade, _ found: [GradeBatch.Graded]
  ) -> GradeSummary {
    let texts = found.compactMap { each in
      each.text.map { (student: each.grade.student, text: $0) }
    }
    return GradeSummary(of: grade, texts: texts, stub: beside("stub.cairn")?.text)
  }

  private func status(of found: [GradeBatch.Graded], _ folder: SubmissionFolder) -> ExitCode {
    if found.count < folder.submissions.count {
      note("interrupted: \(found.count) of \(folder.submissions.count) submissions were graded")
      Signals.endIfAsked()
      return .interrupted
    }
    if found.contains(where: { $0.grade.fault != nil }) { return ExitCode(2) }
    return found.allSatisfy(\.grade.isPassed) ? .success : .failure
  }

  private func status(of fault: Diagnostic) -> ExitCode {
    switch fault.code {
    case "unwritable", "open-state": ExitCode(Output.lost)
    case "not-one-file": ExitCode(EX_USAGE)
    default: .failure
    }
  }

  /// A line on standard error.
  private func note(_ text: String) {
    Output.put("cairn: \(text.printableLine)\n", to: STDERR_FILENO)
  }
}
