import Syntax
import Writing

/// A cell's text as it is shown beside its output: comments and commands, without what is recorded.
final class CellListing {
  private let items: [Script.Item]
  private var place = 0

  /// At the start of a cell.
  init(_ cell: LessonFile.Cell) { items = cell.items }

  /// What stands between the last command told and this one, and this one, behind `> `.
  func text(upTo statement: Statement) -> String {
    var lines: [String] = []
    while place < items.count {
      let item = items[place]
      place += 1
      lines += CellListing.lines(item)
      if case .statement(let told) = item, told.range.lower >= statement.range.lower { break }
    }
    return lines.lined
  }

  /// What stands behind the last command.
  var rest: String { items[place...].flatMap(CellListing.lines).lined }

  private static func lines(_ item: Script.Item) -> [String] {
    switch item {
    case .statement(let statement):
      let (first, last) = (statement.range.start.line, statement.range.end.line)
      return (first...max(first, last)).map {
        "> \(statement.range.source.line($0))".trimmedAtEnd
      }
    case .comment(let text, _): return [text]
    case .blank, .cell, .prose, .output: return []
    }
  }
}
