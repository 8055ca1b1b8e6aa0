import Syntax
import Writing

/// The wording of what the REPL's own commands refuse.
extension Diagnostic {
  /// Raised where a word behind `:` is no command of the REPL.
  static func unknownCommand(_ word: String) -> Diagnostic {
    let near = Suggestion.closest(to: word, among: ReplCommand.allCases.map(\.rawValue))
    return Diagnostic(
      .name, "unknown-command", "there is no command :\(word)", at: nil,
      hint: near.map { "did you mean :\($0)?" } ?? ":help lists them")
  }

  /// Raised where a command that takes an expression is not followed by one alone.
  static func expressionExpected(_ command: ReplCommand) -> Diagnostic {
    Diagnostic(
      .syntax, "expression-expected", "\(command.usage.form) takes an expression", at: nil)
  }

  /// Raised where `:load` or `:save` stands without a path.
  static func missingFile(_ command: ReplCommand) -> Diagnostic {
    Diagnostic(.value, "missing-argument", ":\(command.rawValue) takes a file", at: nil)
  }
}

/// What is said beside a command's output.
enum Remarks {
  /// Where entries cannot be kept for the next session.
  static func historyNotKept(_ path: String, _ problem: FileFailure) -> String {
    let path = FileFailure.shown(path)
    let hint = problem.hint(path).map { "hint: \($0)\n" } ?? ""
    return "note: the history is not kept: \(path) cannot be written: \(problem.writing)\n" + hint
  }
}
