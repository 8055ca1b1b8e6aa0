import Execution
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

  /// Raised where several processes were started together and cannot work together.
  static func processes(_ problem: ProcessGroup.Problem) -> Diagnostic {
    let (found, hint): (String, String) =
      switch problem {
      case .notBuilt:
        (
          "this Cairn was built without Open MPI",
          "build it anew behind 'apt-get install libopenmpi-dev openmpi-bin'"
        )
      case .noLibrary:
        ("the library of Open MPI is not there", "'apt-get install openmpi-bin' brings it")
      case .failed: ("Open MPI does not start", "'mpirun -n 2 true' shows whether it works alone")
      }
    return Diagnostic(
      .io, "processes",
      "expected processes that reach each other, since 'mpirun' started several; found that "
        + found, at: nil, hint: hint)
  }

  /// Raised where a script was stopped before its end, or did not begin: a transcript is then
  /// neither compared nor recorded.
  static func scriptStopped(_ path: String) -> Diagnostic {
    Diagnostic(.interrupted, "interrupted", "\(path) was stopped before its end", at: nil)
  }
}
