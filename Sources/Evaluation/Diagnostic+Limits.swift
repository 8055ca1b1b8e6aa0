import Syntax
import Tensors
import Writing

/// The wording of what evaluation stops at: depth, length, steps, a request.
extension Diagnostic {
  /// Calls nested deeper than the stack has room for. `limit` is how many are open.
  static func tooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "recursion-limit", "calls are nested \(limit) deep, and there is no room for more",
      at: range, hint: "does the recursion have an end?")
  }

  /// A body of a strategy that says more actions than a schedule may have.
  static func tooManyActions(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "too-long", "a strategy may take at most \(limit) actions", at: range,
      hint: "does its body come to an end?")
  }

  /// What has a greatest length.
  enum Limited: String {
    case list = "a list"
    case string = "a string"
  }

  /// A list or a string that would be too long. `limit` is in elements or in bytes.
  static func tooLong(_ what: Limited, limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "too-long", "\(what.rawValue) may be at most \(limit) long", at: range,
      hint: "a tensor holds many numbers: `zeros(1000)`")
  }

  /// Batches of a text of so many symbols, whose rows would be single ones.
  static func textWithoutWindows(_ count: Int, at range: SourceRange) -> Diagnostic {
    let length = max(1, min(32, count - 1))
    return Diagnostic(
      .value, "invalid-value",
      "the rows of a text are single symbols, and a net is trained on windows of it", at: range,
      hint: code(range).map { "`windows(\($0), length: \(length))` makes rows of \(length)" }
        ?? "`help windows` shows how they are made")
  }

  /// A tensor of more numbers than a block that is traced may be written down with.
  static func longLiteral(_ count: Int, limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "too-long",
      "a block holds at most \(CountFormat.grouped(limit)) numbers of a list or of indices, and "
        + "these are \(CountFormat.grouped(count))", at: range,
      hint: "make the tensor before the block: a name that stands outside is read there")
  }

  /// Lists, dictionaries or layers in each other deeper than `limit`.
  static func nestedTooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "nested-too-deep", "lists and layers may be nested at most \(limit) deep", at: range,
      hint: "does the nesting have an end?")
  }

  /// A command that took more loop turns, calls and training steps than `--limit-steps` allows.
  static func stepLimit(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "step-limit", "the command took more than \(limit) steps", at: range,
      hint: "`--limit-steps` sets the limit")
  }

  /// A command that would have spent more FLOPs than it may.
  static func workLimit(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "flops-limit",
      "the command would take more than \(CountFormat.brief(limit)) FLOPs", at: range,
      hint: "fewer steps, smaller batches or smaller tensors take fewer")
  }

  /// A command that said more than it may. `limit` is in bytes.
  static func outputLimit(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .limit, "output-limit", "the command printed more than \(ByteFormat.text(limit))", at: range,
      hint: "does a loop print without an end?")
  }

  /// A command that was stopped from outside, as by Ctrl-C.
  static func interrupted(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .interrupted, "interrupted", "the command was stopped", at: range,
      hint: "all is as it was before it, but for training steps that were finished")
  }
}
