import Syntax
import Writing

/// The wording of what the REPL's own commands refuse.
extension Diagnostic {
  /// Standard output is full, closed or broken.
  static func unwritableOutput(_ code: Int32) -> Diagnostic {
    Diagnostic(
      .io, "unwritable", "standard output cannot be written: \(SystemError.text(code))", at: nil)
  }

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
