/// A stretch of source, as this floor knows it: numbers and a name. Columns from 1; `line` 0 means
/// nowhere.
///
/// The nodes that differentiate a node share its place: it is written down once.
package struct Place: Hashable, Sendable {
  private let facts: Facts

  private final class Facts: Sendable {
    let file: String
    let (line, column, endLine, endColumn): (Int32, Int32, Int32, Int32)
    let call: LayerCall?

    init(
      file: String, _ numbers: (line: Int, column: Int, endLine: Int, endColumn: Int),
      within call: LayerCall?
    ) {
      self.file = file
      line = Int32(clamping: numbers.line)
      column = Int32(clamping: numbers.column)
      endLine = Int32(clamping: numbers.endLine)
      endColumn = Int32(clamping: numbers.endColumn)
      self.call = call
    }
  }

  /// Line 0 of no source: what nothing in a text made.
  package static let nowhere = Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0)

  /// A stretch from `line` and `column` to `endLine` and `endColumn`.
  package init(
    file: String, line: Int, column: Int, endLine: Int, endColumn: Int,
    within call: LayerCall? = nil
  ) {
    facts = Facts(file: file, (line, column, endLine, endColumn), within: call)
  }

  /// The name of the source: a file, an entry; empty for nowhere.
  package var file: String { facts.file }
  /// Where it begins, from 1; 0 for nowhere.
  package var line: Int { Int(facts.line) }
  /// The column in which it begins, from 1.
  package var column: Int { Int(facts.column) }
  /// The line in which it ends.
  package var endLine: Int { Int(facts.endLine) }
  /// The column after its last character.
  package var endColumn: Int { Int(facts.endColumn) }
  /// The innermost call of a layer around it; `nil` for none.
  package var call: LayerCall? { facts.call }

  /// The calls of layers around it, outermost first.
  package var layers: [LayerCall] {
    var calls: [LayerCall] = []
    var next = call
    while let call = next {
      calls.append(call)
      next = call.outer
    }
    return calls.reversed()
  }

  package static func == (a: Place, b: Place) -> Bool {
    a.facts === b.facts
      || (a.line, a.column, a.endLine, a.endColumn) == (b.line, b.column, b.endLine, b.endColumn)
        && a.file == b.file && a.call == b.call
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(line)
    hasher.combine(column)
    hasher.combine(endLine)
    hasher.combine(endColumn)
    hasher.combine(call)
  }
}
