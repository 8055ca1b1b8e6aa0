import Syntax
import Writing

/// The wording of what befalls the process as a whole.
enum ProcessText {
  /// What is said where something was asked to stop, and was finished before it could.
  static let finishedAnyway = "note: \(finished)\n"
  /// The same as part of a report.
  static let finished = "asked to stop, the command had finished already"

  /// The line for a signal that ends the program, which a fault of its own, or a person, sends.
  static func crash(_ name: String, _ number: Int32) -> String {
    "cairn: ended by signal \(number) (\(name)): if nobody sent it, this is a fault in Cairn; "
      + "report the command, its script and what `cairn --version` prints"
  }
}

extension Diagnostic {
  /// Raised at the start where a limit on address space leaves less than the program needs; both in
  /// bytes.
  static func addressSpace(limit: Int, needed: Int) -> Diagnostic {
    Diagnostic(
      .limit, "address-space",
      "cairn needs \(ByteFormat.text(needed)) of address space, and the limit is "
        + ByteFormat.text(limit),
      at: nil, hint: "raise the limit in the shell: 'ulimit -v \(needed >> 10)'")
  }

  /// Raised where a script was stopped before its end, or did not begin: a transcript is then
  /// neither compared nor recorded.
  static func scriptStopped(_ path: String) -> Diagnostic {
    Diagnostic(.interrupted, "interrupted", "\(path) was stopped before its end", at: nil)
  }
}
