import ArgumentParser
import Evaluation
import Glibc
import Notebook
import Syntax

/// The session at a terminal: reads a command, runs it, prints what it did, and goes on.
final class Repl {
  let session: Session
  let printer: Printer
  private let options: CommonOptions
  private let isInteractive: Bool
  private let lines: any LineSource
  private var entries = 0
  /// True once a command failed where nobody sits to see it.
  private var hasFailed = false

  init(_ options: CommonOptions) {
    self.options = options
    isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !options.json
    var configuration = options.interpreterConfiguration(directory: ".")
    configuration.keepsUndo = true
    let session = Session(configuration: configuration)
    session.showsClock = options.time
    self.session = session
    printer = Printer(options)
    if isInteractive {
      let completer = Completer(
        session.interpreter, commands: ReplCommand.allCases.map { ":" + $0.rawValue })
      lines = LineEditor(history: HistoryFile()) { word, before in
        completer.candidates(for: word, after: before)
      }
    } else {
      lines = PlainLines()
    }
    printer.listen(to: session) { [unowned self] in progress?.erase() }
    Signals.watch(session.interpreter.interruption, endsAtSecond: false)
  }

  /// Runs until the input ends or `:quit`; gives the process's status.
  func run() -> ExitCode {
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
      case .interrupted: continue
      case .line(let entry):
        guard entry.contains(where: { !$0.isWhitespace }) else { continue }
        lines.remember(entry)
        if entry.first == ":" {
          if answer(entry) == .leaves { break loop }
        } else {
          runEntry(entry)
        }
      }
    }
    return hasFailed && !isInteractive ? .failure : .success
  }

  // MARK: Reading

  /// One entry: lines until the text lacks no end.
  private func readEntry() -> LineInput {
    var text = ""
    while true {
      let prompt = isInteractive ? self.prompt(isFirst: text.isEmpty) : ""
      switch lines.next(prompt: prompt) {
      case .interrupted: return .interrupted
      case .end: return text.isEmpty ? .end : .line(text)
      case .line(let line):
        text += text.isEmpty ? line : "\n" + line
        if text.hasPrefix(":") { return .line(text) }
        if !session.parse(source(text)).isUnfinished { return .line(text) }
      }
    }
  }

  private func prompt(isFirst: Bool) -> String {
    let word = isFirst ? "cairn> " : "  ...> "
    guard !options.noColor, Terminal.showsColour(STDOUT_FILENO) else { return word }
    return "\u{1}\u{1B}[1;36m\u{2}\(word)\u{1}\u{1B}[0m\u{2}"
  }

  private func source(_ text: String) -> SourceText {
    SourceText(name: isInteractive ? "<repl \(entries + 1)>" : "<stdin>", text: text)
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
    }
    hasFailed = hasFailed || !isOK
  }

  /// Tells of a fault of a `:` command.
  func fail(_ fault: Diagnostic) {
    printer.show(fault, file: "<repl>")
    hasFailed = true
  }

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
    while case .line(let line) = lines.next(prompt: "step> ") {
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
