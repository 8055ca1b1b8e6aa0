/// A stretch of source, as this floor knows it: numbers and a name. Columns from 1; `line` 0 means
/// nowhere.
package struct Place: Hashable, Sendable {
  package let file: String
  package let line: Int
  package let column: Int
  package let endLine: Int
  package let endColumn: Int

  package static let nowhere = Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0)

  package init(file: String, line: Int, column: Int, endLine: Int, endColumn: Int) {
    self.file = file
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
  }
}
