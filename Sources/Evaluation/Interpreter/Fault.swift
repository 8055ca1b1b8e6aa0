package import Syntax

/// A failed command on its way up: a diagnostic in a box, so that throwing costs one word.
package final class Fault: Error {
  package let diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
