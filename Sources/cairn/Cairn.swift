import ArgumentParser
import Glibc
import Notebook
import Syntax

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
      GradeCommand.self, RenderCommand.self,
    ])

  @OptionGroup var common: CommonOptions

  @Option(
    name: .customShort("e"), parsing: .unconditional,
    help: ArgumentHelp("Evaluate an expression and print its value.", valueName: "expr"))
  var expression: String?

  /// Where the program starts.
  static func main() {
    Output.prepare()
    do {
      try KernelChoice.takeFromEnvironment()
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
    Signals.watch(session.interpreter.interruption, endsAtSecond: true)
    let isOK = session.run(SourceText(name: "<expression>", text: text), each: printer.show)
    return isOK ? .success : .failure
  }
}
