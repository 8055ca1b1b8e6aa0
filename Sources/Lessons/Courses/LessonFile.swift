package import Syntax

/// A lesson's `lesson.cairn`: its stops from top to bottom.
package struct LessonFile: Sendable {
  /// The whole, as messages name it.
  package let script: Script
  /// From top to bottom.
  package let stops: [Stop]

  /// Where a student stops, reads, looks or answers.
  package enum Stop: Sendable {
    /// Something to read; with its line.
    case prose(Prose, line: Int)
    /// Commands that are run.
    case cell(Cell)
    /// The place where an item is asked.
    case item(id: String, line: Int)

    /// The line that it begins in.
    package var line: Int {
      switch self {
      case .prose(_, let line), .item(_, let line): line
      case .cell(let cell): cell.line
      }
    }
  }

  /// A cell of code.
  package struct Cell: Sendable {
    /// Its title, which may be empty.
    package let title: String
    /// The line that it begins in.
    package let line: Int
    /// Its commands, comments and recorded output.
    package let items: [Script.Item]

    /// Its commands in order.
    package var statements: [Statement] {
      items.compactMap { if case .statement(let statement) = $0 { statement } else { nil } }
    }
  }

  /// A parsed text as stops. Cells without commands are none.
  package init(_ script: Script) {
    self.script = script
    var stops: [Stop] = []
    var title = ""
    var line = script.source.firstLine
    var open: [Script.Item] = []
    func close() {
      let cell = Cell(title: title, line: line, items: open)
      if !cell.statements.isEmpty { stops.append(.cell(cell)) }
      (title, open) = ("", [])
    }
    for item in script.items {
      switch item {
      case .prose(_, let lines, let range):
        close()
        stops.append(.prose(Prose(lines), line: range.start.line))
        line = range.end.line + 1
      case .cell(let name, let range):
        close()
        line = range.start.line
        if let id = LessonFile.itemID(name) {
          stops.append(.item(id: id, line: line))
        } else {
          title = name
        }
      case .statement, .blank, .comment, .output: open.append(item)
      }
    }
    close()
    self.stops = stops
  }

  /// The ID in `[item] ID`; `nil` for other titles.
  private static func itemID(_ title: String) -> String? {
    guard title.hasPrefix("[item]") else { return nil }
    return String(title.dropFirst("[item]".count)).trimmed
  }

  /// The IDs of the items that it asks, in order.
  package var itemIDs: [String] {
    stops.compactMap { if case .item(let id, _) = $0 { id } else { nil } }
  }

  /// The title in the first heading: `what a step keeps` of `# Lesson 1: what a step keeps`, with
  /// the number there; `nil` where the first stop has no such heading.
  var heading: (number: Int, title: String)? {
    guard case .prose(let prose, _)? = stops.first,
      case .heading(1, let text)? = prose.pieces.first,
      let match = text.wholeMatch(of: /Lesson ([0-9]+): *(.+)/), let number = Int(match.output.1)
    else { return nil }
    return (number, String(match.output.2))
  }
}
