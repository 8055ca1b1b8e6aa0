import ArgumentParser
import CMemory
import Glibc
import Notebook
import Syntax
import Tensors

/// The command line. Without a subcommand it is the REPL.
@main
struct Cairn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cairn",
    abstract: "A notebook-style language for learning gradient checkpointing.",
    discussion: "Without a subcommand, cairn reads commands as you type them.",
    version: "\(Version.text) (\(KernelChoice.text))",
    subcommands: [
      RunCommand.self, FormatCommand.self, StrategiesCommand.self, LearnCommand.self,
      CourseCommand.self, GradeCommand.self, GradeChildCommand.self, RenderCommand.self,
    ])

  @OptionGroup var common: CommonOptions

  @Option(
    name: .customShort("e"), parsing: .unconditional,
    help: ArgumentHelp("Evaluate an expression and print its value.", valueName: "expr"))
  var expression: String?

  /// Where the program starts.
  static func main() {
    cm_use_one_heap()
    OutOfMemory.install()
    Terminal.remember()
    CrashReport.install()
    Output.prepare()
    checkAddressSpace()
    do {
      try KernelChoice.takeFromEnvironment()
      Processes.join()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let status = exitCode(for: error)
      let text = fullMessage(for: error)
      if !text.isEmpty {
        Output.put(text + "\n", to: status.isSuccess ? STDOUT_FILENO : STDERR_FILENO)
      }
      Output.finish(status: status.rawValue)
    }
    Output.finish(status: ExitCode.success.rawValue)
  }

  /// Bytes of address space below which the program does not start: libraries, stacks, and a little
  /// for what is computed.
  private static let addressSpaceNeeded = 320 << 20

  /// Ends the program where a limit leaves it too little address space to run in.
  private static func checkAddressSpace() {
    guard let limit = AddressSpace.limit, limit < addressSpaceNeeded else { return }
    let fault = Diagnostic.addressSpace(limit: limit, needed: addressSpaceNeeded)
    Output.put(DiagnosticRenderer(isColoured: false).text(fault) + "\n", to: STDERR_FILENO)
    Output.finish(status: OutOfMemory.status)
  }

  func run() throws {
    if let expression { throw evaluate(expression) }
    throw Repl(common).run()
  }

  /// Runs the expression and prints its value, and nothing of the account.
  private func evaluate(_ text: String) -> ExitCode {
    let session = Session(configuration: common.interpreterConfiguration(directory: "."))
    session.detail = .off
    session.showsClock = common.time
    let printer = Printer(common)
    printer.listen(to: session)
    Signals.watch(endsAtSecond: true)
    var wasStopped = false
    let isOK = session.run(SourceText(name: "<expression>", text: text)) { report in
      wasStopped = wasStopped || report.fault?.kind == .interrupted
      printer.show(report)
    }
    Signals.endIfAsked()
    if !wasStopped, Signals.interruption.isRequested {
      Output.put(ProcessText.finishedAnyway, to: STDERR_FILENO)
    }
    return wasStopped ? .interrupted : isOK ? .success : .failure
  }
}
