import Reports

/// The wording of remarks: what is said of a command that succeeded, because it may not do what was meant.
enum Remark {
  /// A name of the learner's takes the place of something predefined.
  static func hides(_ name: String, _ predefined: String) -> String {
    "`\(name)` hides \(predefined) of that name from here on"
  }

  /// A function changes a name of the session, whoever calls it.
  static func assignsOutside(_ function: String, _ name: String) -> String {
    "\(function) changes `\(name)`, which stands outside it, whenever it is called"
  }
}

extension Interpreter {
  /// Says something of the running command, on a line of its own.
  func remark(_ text: String) {
    guard !isLoadingPrelude else { return }
    say(Report(.note("note: \(text)")))
  }

  /// Says that a binding hides something predefined, where it is the first of its name.
  func remarkIfHiding(_ cell: Cell) {
    guard !cell.isDefined, let hidden = predefined[cell.name], hidden !== cell else { return }
    let what =
      switch hidden.value {
      case .function(let function):
        switch function.kind {
        case .layerMaker: "the standard layer"
        case .strategyMaker: "the strategy"
        case .builtin, .closure, .learnerStrategy: "the function"
        }
      default: "the number"
      }
    remark(Remark.hides(cell.name, what))
  }
}
