import Reports

/// Words that only the REPL understands, typed behind a colon.
enum ReplCommand: String, CaseIterable {
  case type, tree, vars, time, load, save, undo, reset, quit, help

  /// How it is called, and what it does.
  var usage: (form: String, summary: String) {
    switch self {
    case .type: (":type EXPR", "the type of an expression's value")
    case .tree: (":tree EXPR", "how an expression is parsed")
    case .vars: (":vars", "the names defined, with their values")
    case .time: (":time [EXPR]", "how long an expression takes; alone, turns clocks on or off")
    case .load:
      (":load FILE", "run a script in this session; with --echo, show it beside its output")
    case .save: (":save FILE", "write the commands that succeeded as a script")
    case .undo: (":undo", "go back to before the last command")
    case .reset: (":reset", "forget everything")
    case .quit: (":quit", "leave")
    case .help: (":help", "this list; `help`, `?NAME` and `NAME?` tell of the language")
    }
  }

  /// The list of them.
  static var report: Report {
    var table = ReportTable(.left(), .left())
    for command in allCases {
      table.add(.text(RichText(command.usage.form, .name)), TableCell(command.usage.summary))
    }
    return Report(.table(table))
  }
}
