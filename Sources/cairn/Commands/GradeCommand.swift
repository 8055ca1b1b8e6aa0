import ArgumentParser
import Grading
import Notebook
import Syntax

/// `cairn grade`: tests of submissions.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Try a submission, and prove checks.",
    subcommands: [GradeCheckCommand.self, GradeExplainCommand.self],
    defaultSubcommand: GradeExplainCommand.self)
}

/// `cairn grade CHECKS --explain FILE TEST`: one visible test, as a student may run it.
struct GradeExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Run one visible test on your own file.")

  @OptionGroup var given: CommonOptions

  @ArgumentParser.Argument(help: ArgumentHelp("The checks.", valueName: "checks"))
  var checks: String

  @Option(
    name: .customLong("explain"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Run one visible test of the checks on your own file, and say how it ended.",
      valueName: "file test"))
  var explained: [String]

  func validate() throws {
    guard explained.count == 2 else {
      throw ValidationError("'--explain' takes a file and the name of a test")
    }
  }

  func run() throws {
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
        seed: given.seed.map { UInt64(bitPattern: Int64($0)) }, configuration: configuration)
      Signals.endIfAsked()
      printer.put(explanation.text)
      guard explanation.isPassed else { throw .notPassed(explained[1]) }
    } catch {
      if error.code != "not-passed" { printer.show(error, file: checks) }
      throw ExitCode.failure
    }
  }
}
