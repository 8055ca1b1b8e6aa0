import Syntax
import Tensors
import Writing

/// The wording of what undo cannot do.
extension Diagnostic {
  /// No command is left to take back.
  static func nothingToUndo(_ end: UndoHistory.End) -> Diagnostic {
    switch end {
    case .start:
      Diagnostic(.value, "nothing-to-undo", "there is nothing to undo", at: nil)
    case .forgotten:
      Diagnostic(
        .value, "undo-out-of-reach",
        "undo does not reach further back: it let go of older commands", at: nil)
    case .lost(_, let text, let needed, let problem):
      Diagnostic(
        .value, "undo-out-of-reach",
        "undo does not reach back to before \(quoted(text)): \(reason(problem, needed: needed))",
        at: nil)
    }
  }

  /// A command is not taken back; all is as it was.
  static func cannotUndo(_ text: String, _ problem: SpilledStorage.Problem) -> Diagnostic {
    let start = "\(quoted(text)) is not undone: "
    switch problem {
    case .file(let problem) where problem == .stopped:
      return Diagnostic(.interrupted, "interrupted", start + problem.reason, at: nil)
    case .file(let problem):
      return Diagnostic(
        .io, "undo-unreadable", start + "its copies cannot be read: \(problem.reason)", at: nil)
    case .memory(.overBudget(let needed, let live, let budget)):
      return Diagnostic(
        .memory, "over-budget",
        start + "what was there before needs \(ByteFormat.text(needed)) more beside "
          + "\(ByteFormat.text(live.total)), and the budget is \(ByteFormat.text(budget))",
        at: nil, hint: "free something first: `ans = none`, for example")
    case .memory(.exhausted(let needed)), .memory(.injected(let needed)),
      .memory(.overCeiling(let needed, _)):
      return Diagnostic(
        .memory, "out-of-memory",
        start + "the machine has no room for \(ByteFormat.text(needed))", at: nil)
    }
  }

  /// What a command that should only be looked at changed, and could not be taken back.
  static func stays(_ text: String, needed: Int, _ problem: SpillFile.Problem) -> Diagnostic {
    Diagnostic(
      .value, "undo-out-of-reach",
      "what \(quoted(text)) changed stays: \(reason(problem, needed: needed))", at: nil)
  }

  private static func quoted(_ text: String) -> String {
    "`\(text.inOneLine(width: 40))`"
  }

  /// Why the file did not take the copies that a command needs.
  private static func reason(_ problem: SpillFile.Problem, needed: Int) -> String {
    switch problem {
    case .full(let limit):
      let sizes = ByteFormat.apart(needed, limit)
      return "its copies take \(sizes.0), and undo keeps at most \(sizes.1)"
    case .stopped: return problem.reason
    case .system:
      return "its copies take \(ByteFormat.text(needed)), and the file for them cannot be used: "
        + problem.reason
    }
  }
}
