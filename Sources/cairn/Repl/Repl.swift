import ArgumentParser
import Evaluation
import Glibc
import Notebook
import Reports
import Syntax
import Writing

/// The session at a terminal: reads a command, runs it, prints what it did, and goes on.
final class Repl {
  /// What runs the commands.
  let session: Session
  /// What shows them.
  let printer: Printer
  private let options: CommonOptions
  private let isInteractive: Bool
  private let lines: any LineSource
  /// Entries read so far.
  private var entries = 0
  private let reader: EntryReader
  /// The `:` command that is being answered.
  var answered = ""
  /// True once a command failed where nobody sits to see it.
  private var hasFailed = false
  /// True where the entry that is being answered was stopped.
  private var isStopped = false

  /// A session with undo; it edits lines where standard input and output are terminals, JSON apart.
  init(_ options: CommonOptions) {
    self.options = options
    isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !options.json
    var configuration = options.interpreterConfiguration(directory: ".")
    configuration.keepsUndo = true
    let session = Session(configuration: configuration)
    session.showsClock = options.time
    self.session = session
    printer = Printer(options)
    let typed = TypedLines()
    if isInteractive {
      let completer = Completer(
        session.interpreter, commands: ReplCommand.allCases.map { ":" + $0.rawValue })
      lines = LineEditor(history: HistoryFile()) { word, before in
        completer.candidates(for: word, after: typed.text + before)
      }
    } else {
      lines = PlainLines()
    }
    reader = EntryReader(lines, typed: typed)
    printer.listen(to: session) { [unowned self] in progress?.erase() }
    Signals.watch(endsAtSecond: false)
  }

  /// Runs until the input ends or `:quit`; gives the process's status.
  func run() -> ExitCode {
    defer { lines.end() }
    if isInteractive {
      printer.put("Cairn \(Version.text). Type `help` for help, Ctrl-D to leave.\n")
      watchProgress()
      session.walker = { [unowned self] in walk($0) }
    }
    loop: while true {
      if isInteractive { session.width = Terminal.width }
      switch readEntry() {
      case .end:
        if isInteractive { printer.put("\n") }
        break loop
      case .failed(let fault):
        printer.show(fault, file: "<stdin>")
        hasFailed = true
        break loop
      case .interrupted:
        guard goesOnBehindInterrupts else { return leaveStopped() }
        Signals.interruption.clear()
      case .line(let entry):
        guard entry.contains(where: { !$0.isWhitespace }) else { continue }
        lines.remember(entry)
        isStopped = false
        if entry.first == ":" {
          if answer(entry) == .leaves { break loop }
        } else {
          runEntry(entry)
        }
        guard settle() else { return leaveStopped() }
      }
    }
    if Signals.interruption.isRequested, !goesOnBehindInterrupts { return leaveStopped() }
    Signals.endIfAsked()
    return hasFailed && !isInteractive ? .failure : .success
  }

  /// Ctrl-C stops one entry where somebody sits, or a program that reads objects; a script that is
  /// piped in it stops whole.
  private var goesOnBehindInterrupts: Bool { isInteractive || options.json }

  /// Takes a request to stop back once it has stopped an entry, or says that it came too late.
  /// False where nothing further is to run.
  private func settle() -> Bool {
    if Signals.areEnding { return false }
    guard Signals.interruption.isRequested else { return true }
    guard goesOnBehindInterrupts else { return false }
    if !isStopped { tell(Report(.note(RichText(ProcessText.finished)))) }
    Signals.interruption.clear()
    return true
  }

  /// The status of a session that was stopped, which is told if no command has told it; the process
  /// ends here where it was asked to.
  private func leaveStopped() -> ExitCode {
    Signals.endIfAsked()
    if !isStopped { printer.show(.scriptStopped("<stdin>"), file: "<stdin>") }
    return .interrupted
  }

  // MARK: Reading

  private func readEntry() -> LineInput {
    reader.next(
      prompt: isInteractive
        ? (Prompt.text("cairn> ", options), Prompt.text("  ...> ", options)) : ("", ""),
      isWhole: { $0.hasPrefix(":") || Repl.asksForHelp($0) },
      isUnfinished: { session.parse(source($0)).isUnfinished })
  }

  /// What an entry says in the language: `?x` and `x?` are `help x`, and `|> f` goes on with `ans`.
  private static func meaning(of entry: String) -> String {
    let text = entry.trimmed
    guard asksForHelp(entry) else { return text.hasPrefix("|>") ? "ans " + text : entry }
    let topic = (text.hasPrefix("?") ? text.dropFirst() : text.dropLast()).description.trimmed
    // An operator is a topic in quotes.
    let isName = topic.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == " " }
    return "help " + (isName ? topic : topic.quoted)
  }

  private static func asksForHelp(_ entry: String) -> Bool {
    let text = entry.trimmed
    if text.hasPrefix("?") { return true }
    return text.hasSuffix("?") && !text.contains { $0.isWhitespace || $0 == "#" || $0 == "\"" }
  }

  /// An entry as messages know it; of piped input, with the numbers of its lines there.
  func source(_ text: String) -> SourceText {
    SourceText(
      name: isInteractive ? "<repl \(entries + 1)>" : "<stdin>", text: Repl.meaning(of: text),
      firstLine: isInteractive ? 1 : reader.firstLine)
  }

  // MARK: Running

  private func runEntry(_ text: String) {
    let source = source(text)
    entries += 1
    show { each in session.run(source, each: each) }
  }

  /// Runs what `body` runs and prints the reports.
  func show(_ body: ((CommandReport) -> Void) -> Bool) {
    let isOK = body { report in
      progress?.erase()
      progress = nil
      printer.show(report)
      isStopped = isStopped || report.fault?.kind == .interrupted
    }
    hasFailed = hasFailed || !isOK
  }

  /// Tells of a fault of a `:` command: where it has no place, the command is its place.
  func fail(_ fault: Diagnostic) {
    let source = source(answered)
    let whole = SourceRange(source, 0, answered.utf8.count)
    let placed = fault.range == nil ? fault.at(whole, notes: fault.notes) : fault
    printer.show(session.refusal(placed, in: source))
    isStopped = isStopped || fault.kind == .interrupted
    hasFailed = true
  }

  /// Tells what a `:` command has to say.
  func tell(_ report: Report) { printer.show(session.remark(report, in: source(answered))) }

  /// Tells it in a line.
  func tell(_ text: RichText) { tell(Report(.line(text))) }

  private var progress: ProgressLine?

  private func watchProgress() {
    session.interpreter.progressHandler = { [unowned self] step, total, loss in
      if progress == nil || step == 1 { progress = ProgressLine() }
      progress?.show(step: step, total: total, loss: loss)
    }
  }

  // MARK: Walking a schedule

  /// `step p`: next, back, to N, quit.
  private func walk(_ walk: ScheduleWalk) {
    guard walk.count > 0 else { return printer.put("the schedule has no actions\n") }
    printer.put("next (or Enter), back, to N, quit\n")
    var action = 0
    printer.put(walk.page(action))
    // Ctrl-C leaves the walk, and has nothing else to stop.
    defer { if !Signals.areEnding { Signals.interruption.clear() } }
    while case .line(let line) = lines.next(prompt: "step> ", indentation: 0) {
      let words = line.split(separator: " ")
      var target = action
      switch words.first.map(String.init) ?? "next" {
      case "n", "next": target = action + 1
      case "b", "back": target = action - 1
      case "t", "to":
        guard words.count == 2, let number = Int(words[1]) else {
          printer.put("to takes the number of an action\n")
          continue
        }
        target = number
      case "q", "quit": return
      default:
        printer.put("next (or Enter), back, to N, quit\n")
        continue
      }
      guard (0..<walk.count).contains(target) else {
        printer.put("the actions are 0 to \(walk.count - 1)\n")
        continue
      }
      action = target
      printer.put(walk.page(action))
    }
  }
}
