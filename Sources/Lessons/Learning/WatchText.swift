package import Syntax
import Writing

/// The wording of what is said of a file that is run on every save.
package enum WatchText {
  /// Below what was shown.
  package static let waits = "(Waiting for the next save; Ctrl-C ends.)\n"

  /// What running the file came to.
  package static func outcome(
    _ file: String, first: Diagnostic?, commands: Int, passed: Int
  ) -> String {
    if let first {
      let line = first.range.map { ", line \($0.start.line)" } ?? ""
      return "\(file)\(line) fails first: \(first.message)\n"
    }
    if commands == 0 { return "\(file) holds no command yet\n" }
    let tests = passed > 0 ? ", \(CountFormat.counted(passed, "test")) passed" : ""
    return "\(file): \(CountFormat.counted(commands, "command")) ran\(tests), all is well\n"
  }
}
