/// A stretch of source, as this floor knows it: numbers and a name. Columns from 1; `line` 0 means
/// nowhere.
package struct Place: Hashable, Sendable {
  package let file: String
  package let line: Int
  package let column: Int
  package let endLine: Int
  package let endColumn: Int
  /// The layer that it was called through, as a learner reaches it: `net.layers[3]`; empty for
  /// none.
  package let layer: String

  package static let nowhere = Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0)

  package init(
    file: String, line: Int, column: Int, endLine: Int, endColumn: Int, layer: String = ""
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
    self.layer = layer
  }
}
