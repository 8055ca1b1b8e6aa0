import Syntax
import Writing

/// The wording of what stops the process before a script, or in it.
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
