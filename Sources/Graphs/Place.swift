/// A stretch of source, as this floor knows it: numbers and a name. Columns from 1; `line` 0 means
/// nowhere.
package struct Place: Hashable, Sendable {
  /// The name of the source: a file, an entry; empty for nowhere.
  package let file: String
  /// Where it begins, from 1; 0 for nowhere.
  package let line: Int
  /// The column in which it begins, from 1.
  package let column: Int
  /// The line in which it ends.
  package let endLine: Int
  /// The column after its last character.
  package let endColumn: Int
  /// The calls of layers around it, outermost first.
  package let layers: [LayerCall]

  /// Line 0 of no source: what nothing in a text made.
  package static let nowhere = Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0)

  /// A stretch from `line` and `column` to `endLine` and `endColumn`.
  package init(
    file: String, line: Int, column: Int, endLine: Int, endColumn: Int,
    layers: [LayerCall] = []
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
    self.layers = layers
  }

  /// Nowhere, within the same layers.
  var withoutLines: Place {
    Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0, layers: layers)
  }
}
