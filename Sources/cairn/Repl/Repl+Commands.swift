import Evaluation
import Notebook
import Reports
import Syntax
import Writing

extension Repl {
  /// What follows a `:` command.
  enum Continuation { case goesOn, leaves }

  /// Answers an entry that begins with a colon.
  func answer(_ entry: String) -> Continuation {
    answered = entry
    let text = entry.dropFirst()
    let word = String(text.prefix { !$0.isWhitespace })
    let rest = String(text.dropFirst(word.count)).trimmed
    guard let command = ReplCommand(rawValue: word) else {
      fail(.unknownCommand(word))
      return .goesOn
    }
    switch command {
    case .type: tellType(of: rest)
    case .tree: tellTree(of: rest)
    case .vars: tell(SessionPages.names(in: session))
    case .time: time(rest)
    case .load: load(rest)
    case .save: save(rest)
    case .undo:
      undo()
    case .reset:
      session.reset()
      tell("all forgotten")
    case .quit: return .leaves
    case .help:
      tell(ReplCommand.report)
    }
    return .goesOn
  }

  /// The expression that `text` is; `nil`, with the fault told, where it is none.
  private func expression(_ text: String, of command: ReplCommand) -> Statement? {
    // Places are those in the line that was typed.
    let before = answered.hasSuffix(text) ? answered.count - text.count : 0
    let source = source(String(repeating: " ", count: before) + text)
    let result = session.parse(source)
    if let fault = result.faults.first {
      fail(fault)
      return nil
    }
    let statements = result.script.statements
    guard statements.count == 1, case .expression = statements[0].kind else {
      fail(.expressionExpected(command))
      return nil
    }
    return statements[0]
  }

  private func tellType(of text: String) {
    guard let statement = expression(text, of: .type) else { return }
    switch session.type(of: statement) {
    case .success(let name): tell(RichText(name))
    case .failure(let fault): fail(fault)
    }
  }

  private func undo() {
    do throws(Diagnostic) {
      tell("undone: \(try session.undo().inOneLine(width: 60))")
    } catch {
      fail(error)
    }
  }

  private func tellTree(of text: String) {
    guard let statement = expression(text, of: .tree) else { return }
    tell(SessionPages.tree(of: statement))
  }

  private func time(_ text: String) {
    if text.isEmpty {
      session.showsClock.toggle()
      tell(session.showsClock ? "clocks on" : "clocks off")
      return
    }
    guard let statement = expression(text, of: .time) else { return }
    let wasShown = session.showsClock
    session.showsClock = true
    show { each in
      let report = session.run(statement)
      each(report)
      return report.isOK
    }
    session.showsClock = wasShown
  }

  private func load(_ words: String) {
    let echo = "--echo"
    let echoes = words == echo || words.hasPrefix(echo + " ")
    let path = (echoes ? String(words.dropFirst(echo.count)).trimmed : words).unquoted
    guard !path.isEmpty else {
      return fail(.missingFile(.load))
    }
    do throws(Diagnostic) {
      let source = try ScriptFile.read(
        path, isStopped: { session.interpreter.interruption.isRequested })
      let listing = echoes ? Listing(session.parse(source).script) : nil
      show { each in
        session.run(
          source,
          willRun: { statement in
            if let listing { printer.put(listing.text(upTo: statement)) }
          }, each: each)
      }
    } catch {
      fail(error)
    }
  }

  private func save(_ path: String) {
    let path = path.unquoted
    guard !path.isEmpty else {
      return fail(.missingFile(.save))
    }
    do throws(Diagnostic) {
      let texts = try session.history()
      try ScriptFile.write(
        texts.map { $0 + "\n" }.joined(), to: path,
        isStopped: { [session] in session.interpreter.interruption.isRequested })
      tell("\(count: texts.count, "command") written to \(path)")
    } catch {
      fail(error)
    }
  }
}

extension String {
  /// Without the quotes around it.
  fileprivate var unquoted: String {
    let inner = hasPrefix("\"") ? dropFirst() : self[...]
    return String(inner.hasSuffix("\"") ? inner.dropLast() : inner)
  }
}
