import ArgumentParser
import Evaluation
import Glibc
import Notebook
import Syntax

/// `cairn run FILE…`: runs scripts, each in a session of its own.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run scripts; `-` is standard input.")

  @ParentCommand var root: Cairn
  @OptionGroup var given: CommonOptions

  @Flag(help: "Rewrite the `#>` lines below each command with what it prints.")
  var record = false

  @Flag(help: "Fail where what a command prints differs from its `#>` lines.")
  var check = false

  @Option(
    help: ArgumentHelp(
      "With --check: compare numbers to so many digits, and counts whole.", valueName: "n"))
  var digits: Int?

  @Flag(
    name: .customLong("keep-going"),
    help: "Go on behind commands that fail; without it, behind failing tests only.")
  var keepGoing = false

  @Flag(help: "Print the prose and the commands with their output.")
  var echo = false

  @ArgumentParser.Argument(help: ArgumentHelp(Helps.scripts, valueName: "file"))
  var files: [String]

  private var common: CommonOptions { given.over(root.common) }

  func validate() throws {
    if record, check { throw ValidationError("--record and --check exclude each other.") }
    if let digits {
      guard check else { throw ValidationError("--digits goes with --check.") }
      if digits < 1 { throw ValidationError("--digits takes a number from 1.") }
    }
    if record || check {
      if files.contains("-") {
        throw ValidationError("--record and --check take files, and not standard input.")
      }
      if given.json { throw ValidationError("--json does not go with --record and --check.") }
    }
  }

  func run() throws {
    Signals.watch(endsAtSecond: true)
    var isOK = true
    var isStopped = false
    for file in files where !isStopped {
      let printer = Printer(common)
      do throws(Diagnostic) {
        if Signals.interruption.isRequested { throw .scriptStopped(file) }
        let isFileOK =
          record || check
          ? try transcribe(file, printer) : try runScript(file, printer)
        isOK = isOK && isFileOK
      } catch {
        // A script's own report says where it was stopped.
        isStopped = error.kind == .interrupted
        if !isStopped || error.range == nil { printer.show(error, file: file) }
        isOK = false
      }
    }
    Signals.endIfAsked()
    if isStopped { throw ExitCode.interrupted }
    if Signals.interruption.isRequested {
      Output.put(ProcessText.finishedAnyway, to: STDERR_FILENO)
    }
    if !isOK { throw ExitCode.failure }
  }

  // MARK: Running

  /// True where every command succeeded. Throws the fault of the command that was stopped, which is
  /// shown already.
  private func runScript(_ file: String, _ printer: Printer) throws(Diagnostic) -> Bool {
    let source =
      file == "-"
      ? try ScriptFile.readStandardInput(isStopped: { Signals.interruption.isRequested })
      : try ScriptFile.read(file, isStopped: { Signals.interruption.isRequested })
    let session = makeSession(for: file)
    session.width = min(Terminal.width, 100)
    session.showsClock = common.time
    var stopped: Diagnostic?
    var progress: ProgressLine?
    session.interpreter.progressHandler = { step, total, loss in
      progress?.show(step: step, total: total, loss: loss)
    }
    printer.listen(to: session) { progress?.erase() }
    let listing = echo && !common.json ? Listing(session.parse(source).script) : nil
    let isOK = session.run(
      source, goesOn: keepGoing ? .always : .behindTests,
      willRun: { statement in
        if let listing { printer.put(listing.text(upTo: statement)) }
        progress = common.json ? nil : ProgressLine()
      },
      each: { report in
        progress?.erase()
        progress = nil
        printer.show(report)
        if let fault = report.fault, fault.kind == .interrupted { stopped = fault }
      })
    if let stopped { throw stopped }
    return isOK
  }

  private func makeSession(for file: String) -> Session {
    Session(
      configuration: common.interpreterConfiguration(directory: RunCommand.directory(of: file)))
  }

  /// Where the paths of a script start: beside it.
  static func directory(of file: String) -> String {
    guard file != "-", let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  // MARK: Transcripts

  private func transcribe(_ file: String, _ printer: Printer) throws(Diagnostic) -> Bool {
    let source = try ScriptFile.read(
      file, isWrittenAgain: record, isStopped: { Signals.interruption.isRequested })
    let name = file.lastIndex(of: "/").map { String(file[file.index(after: $0)...]) } ?? file
    let transcript = Transcript(name: name) { makeSession(for: file) }
    if check {
      let result = transcript.check(source.text, digits: digits)
      if Signals.interruption.isRequested { throw .scriptStopped(file) }
      guard !result.difference.isEmpty else { return true }
      printer.put("\(file) does not reproduce itself (- recorded, + now):\n\(result.difference)")
      return false
    }
    let result = transcript.record(source.text)
    if Signals.interruption.isRequested { throw .scriptStopped(file) }
    guard result.faults.isEmpty else {
      for fault in result.faults { printer.show(fault) }
      return false
    }
    if result.text != source.text {
      try ScriptFile.rewrite(source, as: result.text, path: file)
    }
    for line in result.failures {
      Output.put("note: \(file):\(line): recorded an error\n", to: STDERR_FILENO)
    }
    return true
  }
}
