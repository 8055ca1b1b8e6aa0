/// An entry that is typed or piped line by line: it is told line by line whether it may be whole.
///
/// Tokens end on their line, so that each line is cut into tokens once, whatever stands before it;
/// what is read of an entry in all grows with its length and no faster.
package final class EntryText {
  /// The lines so far, a newline between each two.
  package private(set) var text = ""
  /// Lines so far.
  package private(set) var lineCount = 0
  /// Bytes that were cut into tokens or are to be parsed, over all lines: the work so far.
  package private(set) var bytesRead = 0
  /// Brackets that are open, with the number of the line of each, and how many lines they stand on.
  private var open: [(closer: Symbol, line: Int)] = []
  private var openLines = 0
  private var endsOpen = false
  private var bytesParsed = 0

  /// Texts up to this length are parsed at each line, so that a fault is told where it is made.
  private static let shortest = 1 << 16

  /// No line yet.
  package init() {}

  /// Takes the next line. True where the text is to be parsed now: it may be whole, or it is time
  /// to look for faults in what is still open. That is so at each line of a short text, and of a
  /// long one when it has doubled.
  @discardableResult
  package func append(_ line: String) -> Bool {
    if lineCount > 0 { text += "\n" }
    text += line
    lineCount += 1
    bytesRead += line.utf8.count
    follow(line)
    let isDue = bytesParsed + text.utf8.count <= max(EntryText.shortest, 2 * text.utf8.count)
    guard isDue || (open.isEmpty && !endsOpen) else { return false }
    bytesParsed += text.utf8.count
    bytesRead += text.utf8.count
    return true
  }

  /// Spaces that the next line begins with: two for each line that leaves brackets open; two behind
  /// an operator or a comma outside all brackets. None before the first line.
  package var indentation: Int { lineCount == 0 ? 0 : 2 * max(1, openLines) }

  private func follow(_ line: String) {
    for token in Lexer.tokens(of: SourceText(name: "", text: line)) {
      switch token.kind {
      case .newline, .comment, .end: continue
      case .symbol(let symbol):
        endsOpen = symbol.opener == nil && symbol != .semicolon
        if let closer = symbol.closer {
          if open.last?.line != lineCount { openLines += 1 }
          open.append((closer, lineCount))
        } else if let last = open.last, symbol == last.closer {
          open.removeLast()
          if open.last?.line != last.line { openLines -= 1 }
        }
      default: endsOpen = false
      }
    }
  }
}
