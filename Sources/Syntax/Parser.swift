/// Reads a text into a tree.
package enum Parser {
  /// What a parse gave: a tree, and what was wrong.
  package struct Result: Sendable {
    /// The tree of all that could be read.
    package let script: Script
    /// In order, at most ten; empty where all could be read.
    package let faults: [Diagnostic]
    /// True where the text only lacks an end (an open bracket, an operator or a comma at the end):
    /// the REPL then asks for another line. An open string is a fault: strings end on their line.
    package let isUnfinished: Bool

    /// What a parse gave; a session makes one for a text that it does not parse.
    package init(script: Script, faults: [Diagnostic], isUnfinished: Bool) {
      self.script = script
      self.faults = faults
      self.isUnfinished = isUnfinished
    }
  }

  /// Parses a text: never throws and never traps, whatever the bytes. Needs 8 MiB of stack for the
  /// deepest text it accepts (256 levels of brackets, blocks and prefixes).
  ///
  /// - Parameter isStopped: Asked again and again; where it is true, the reading ends, and that it
  ///   was stopped is the only fault.
  package static func parse(
    _ source: SourceText, isStopped: @escaping () -> Bool = { false }
  ) -> Result {
    var reader = ScriptReader(
      source, Lexer.tokens(of: source, isStopped: isStopped), isStopped: isStopped)
    let script = reader.script()
    if isStopped() {
      return Result(
        script: Script(source: source, items: []), faults: [.readingStopped(source)],
        isUnfinished: false)
    }
    let faults = reader.faults
    return Result(
      script: script, faults: faults,
      isUnfinished: !faults.isEmpty && faults.allSatisfy { $0.code == "unfinished" })
  }
}
