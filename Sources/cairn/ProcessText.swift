import Execution

/// The wording of what befalls the process as a whole.
enum ProcessText {
  /// What is said where something was asked to stop, and was finished before it could.
  static let finishedAnyway = "note: \(finished)\n"
  /// The same as part of a report.
  static let finished = "asked to stop, the command had finished already"

  /// The line where the system refuses memory: before the number of bytes, and behind it.
  static var memoryRefused: StaticString { "cairn: out of memory: the system refused " }
  static var memoryNeeded: StaticString {
    """
     bytes that the program cannot go on without; close other programs, or raise the limit that \
    'ulimit -v' shows

    """
  }

  /// The line for a signal that ends the program, which a fault of its own, or a person, sends.
  static func crash(_ name: String, _ number: Int32) -> String {
    "cairn: ended by signal \(number) (\(name)): if nobody sent it, this is a fault in Cairn; "
      + "report the command, its script and what `cairn --version` prints"
  }

  /// The line of a worker's process that ends all.
  static func ending(_ why: ProcessGroup.Ending, _ rank: Int, of size: Int) -> String {
    let what =
      switch why {
      case .stopped: "was asked to stop while it waited for others"
      case .unreachable(let others):
        "cannot reach worker \(others.map(String.init).joined(separator: ", ")) any more"
      case .failed(let message): "cannot go on: \(message)"
      }
    return "worker \(rank) of \(size) \(what)\n"
  }
}
