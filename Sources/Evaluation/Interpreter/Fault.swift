package import Syntax

/// What ends an evaluation before its value: a failed command on its way up, or `break`, `continue` and `return` on
/// their way to the loop or function that they end. In a box, so that throwing costs one word.
package final class Fault: Error {
  package let diagnostic: Diagnostic
  /// Set where this is no failure: the loop or function around takes it.
  let exit: Exit?

  /// How a loop's turn or a function ends, other than at its end.
  enum Exit { case breaking, continuing, returning }

  package init(_ diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
    exit = nil
  }

  private init(_ exit: Exit) {
    diagnostic = Diagnostic(.syntax, "misplaced", "", at: nil)
    self.exit = exit
  }

  static let breaking = Fault(.breaking)
  static let continuing = Fault(.continuing)
  /// The value is in `Interpreter.returned`.
  static let returning = Fault(.returning)
}
