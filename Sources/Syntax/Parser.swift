/// Reads a text into a tree.
package enum Parser {
  /// What a parse gave: the tree of all that could be read, and the faults, at most ten.
  package struct Result: Sendable {
    package let script: Script
    package let faults: [Diagnostic]
    /// True where the text only lacks an end (an open bracket, an operator at the end, an open string):
    /// the REPL then asks for another line.
    package let isUnfinished: Bool

    package init(script: Script, faults: [Diagnostic], isUnfinished: Bool) {
      self.script = script
      self.faults = faults
      self.isUnfinished = isUnfinished
    }
  }
}
