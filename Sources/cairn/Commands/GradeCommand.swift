import ArgumentParser
import Glibc
import Grading
import Notebook
import Syntax

/// `cairn grade`: tests of submissions.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade submissions, replay a test, and prove checks.",
    subcommands: [GradeSubmissionsCommand.self, GradeCheckCommand.self],
    defaultSubcommand: GradeSubmissionsCommand.self)
}

/// `cairn grade CHECKS FOLDER`, and `cairn grade CHECKS --explain FILE TEST`.
struct GradeSubmissionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submissions", abstract: "Grade submissions, or replay a test (the default).",
    discussion: """
      Each submission runs in a process of its own, which is shut in: it reaches no file, no \
      network and no other process, and hears of the checks only after its own code has ended. \
      A test that 'model.cairn' beside the checks does not pass counts for nobody. \
      Grades of a folder or an archive are kept, and taken from there where nothing that they \
      depend on has changed. Interrupted, it finishes what runs, and writes what is known. \
      The status is 0 where every test of every submission passes, 1 where one does not, and 2 \
      where a submission cannot be graded.
      """)

  @OptionGroup var given: CommonOptions

  @ArgumentParser.Argument(help: ArgumentHelp("The checks.", valueName: "checks"))
  var checks: String

  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "A submission, or a folder or a zip archive of them.", valueName: "submissions"))
  var submissions: String?

  @Option(
    name: .customLong("format"),
    help: ArgumentHelp("How grades are written; may be given several times.", valueName: "format"))
  var formats: [GradeFormat] = []

  @Option(
    name: .short,
    help: ArgumentHelp(
      "The folder that files of grades are written to; with one format also a file.",
      valueName: "path"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "A file whose bytes are the course's secret, which each student's draws come from.",
      valueName: "file"))
  var secret: String?

  @Option(help: ArgumentHelp("How many submissions at a time.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var imports: ImportedFiles

  @Option(
    help: ArgumentHelp(
      "Where grades are kept, in place of 'cairn/grades' in $XDG_STATE_HOME or ~/.local/state.",
      valueName: "folder"))
  var state: String?

  @Flag(help: "Grade anew what is known already, too.")
  var fresh = false

  @Flag(help: "Grade even where nothing shuts submissions in.")
  var trusted = false

  @Option(
    name: .customLong("explain"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Run one visible test of the checks on your own file, and say how it ended.",
      valueName: "file test"))
  var explained: [String] = []

  func validate() throws {
    guard explained.isEmpty || explained.count == 2 else {
      throw ValidationError("'--explain' takes a file and the name of a test")
    }
    guard !explained.isEmpty || submissions != nil else {
      throw ValidationError("expected a submission, or a folder or a zip archive of them")
    }
    guard jobs ?? 1 >= 1 else { throw ValidationError("'--jobs' takes a number from 1") }
    try given.refuseForGrading(isExplained: !explained.isEmpty)
  }

  func run() throws {
    if explained.isEmpty { throw try GradeBatchRun(self).run() }
    try explain()
  }

  /// Replays a test, as a student may.
  private func explain() throws {
    let printer = Printer(given)
    Signals.watch(endsAtSecond: true)
    do throws(Diagnostic) {
      let checks = try ChecksFile(ScriptFile.read(checks))
      let submission = try ScriptFile.read(explained[0])
      // The seed is that of the test; the file itself runs as it was graded.
      var configuration = given.interpreterConfiguration(directory: ".")
      configuration.seed = 0
      let explanation = try TestExplanation(
        checks, submission, test: explained[1],
        seed: given.seed.map { UInt64(bitPattern: Int64($0)) }, files: try imports.read(),
        configuration: configuration)
      Signals.endIfAsked()
      printer.put(explanation.text)
      guard explanation.isPassed else { throw .notPassed(explained[1]) }
    } catch {
      if error.code != "not-passed" { printer.show(error, file: checks) }
      throw ExitCode.failure
    }
  }
}
