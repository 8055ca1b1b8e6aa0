package import Syntax
import Writing

/// The text of a script as it is read aloud beside its output: prose, comments and commands,
/// without what is recorded.
package final class Listing {
  private let script: Script
  private var next = 0

  /// At the start of a script.
  package init(_ script: Script) { self.script = script }

  /// What stands between the last command told and this one, and this one, behind `> `.
  package func text(upTo statement: Statement) -> String {
    var lines: [String] = []
    while next < script.items.count {
      let item = script.items[next]
      next += 1
      switch item {
      case .statement(let told):
        let (first, last) = (told.range.start.line, told.range.end.line)
        lines += (first...max(first, last)).map { "> \(script.source.line($0))".trimmedAtEnd }
        if told.range.lower >= statement.range.lower {
          return lines.map { $0 + "\n" }.joined()
        }
      case .blank: lines.append("")
      case .comment(let text, _): lines.append(text)
      case .cell(let title, _): lines += title.isEmpty ? [] : ["", title, ""]
      case .prose(let title, let prose, _): lines += (title.isEmpty ? [] : [title]) + prose
      case .output: break
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
