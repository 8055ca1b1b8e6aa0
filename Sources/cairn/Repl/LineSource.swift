import Syntax

/// Where a session's lines come from.
protocol LineSource: AnyObject {
  /// The next line, without its newline. Where a person types it, `indentation` spaces stand
  /// there already.
  func next(prompt: String, indentation: Int) -> LineInput
  /// Takes an entry, maybe of several lines, into the history.
  func remember(_ entry: String)
  /// The session ends.
  func end()
}

/// What asking for a line gave.
enum LineInput {
  case line(String)
  /// Ctrl-C: the line is abandoned.
  case interrupted
  /// Ctrl-D, the end of the input, or a request that the process end.
  case end
  /// The input cannot be read any more.
  case failed(Diagnostic)
}
