import ArgumentParser
import Grading
import Notebook
import Syntax
import Writing

/// `cairn grade check CHECKS`: proves what checks promise.
struct GradeCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that the model answer gets full marks, and broken submissions none.",
    discussion: """
      The stub, an empty submission, one that cannot be read, one that never ends and one that \
      fails have to get no points. The model answer is 'model.cairn' beside the checks, and the \
      stub 'stub.cairn' where there is one. Each finding is a line 'FILE:LINE: what'; the status \
      is 1 where there is one.
      """)

  @OptionGroup var given: CommonOptions

  @ArgumentParser.Argument(help: ArgumentHelp("The checks.", valueName: "checks"))
  var checks: String

  @OptionGroup var imports: ImportedFiles

  @Option(help: ArgumentHelp("The model answer.", valueName: "file"))
  var model: String?

  @Option(help: ArgumentHelp("What students begin with.", valueName: "file"))
  var stub: String?

  func run() throws {
    let printer = Printer(given)
    Signals.watch(endsAtSecond: true)
    do throws(Diagnostic) {
      let file = try ChecksFile(ScriptFile.read(checks))
      let proof = ChecksProof(
        file, files: try imports.read(),
        configuration: given.interpreterConfiguration(directory: "."))
      let findings = proof.findings(
        model: try ScriptFile.read(model ?? beside("model.cairn")), stub: try readStub())
      Signals.endIfAsked()
      for finding in findings { printer.put("\(checks):\(finding.line): \(finding.message)\n") }
      let points = NumberFormat.number(file.tests.reduce(0) { $0 + $1.of })
      printer.put(
        "\(CountFormat.noun(file.tests.count, "test", "tests")): \(file.tests.count), "
          + "points: \(points), findings: \(findings.count)\n")
      guard findings.isEmpty else { throw .notPassed(checks) }
    } catch {
      if error.code != "not-passed" { printer.show(error, file: checks) }
      throw ExitCode.failure
    }
  }

  private func beside(_ name: String) -> String {
    checks.lastIndex(of: "/").map { checks[...$0] + name } ?? name
  }

  /// The stub; `nil` where none is named and none stands beside the checks.
  private func readStub() throws(Diagnostic) -> SourceText? {
    if let stub { return try ScriptFile.read(stub) }
    return try? ScriptFile.read(beside("stub.cairn"))
  }
}
