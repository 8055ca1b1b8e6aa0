package import Syntax
import Writing

/// A stretch of a file in the percent format: from a line `# %% …` up to the next.
package struct FileCell: Sendable {
  /// The word in brackets: `item` of `# %% [item] l01-peak number`; empty where there is none.
  package let tag: String
  /// The words behind it.
  package let words: [String]
  /// The number of the line that begins it.
  package let line: Int
  /// The lines below that one, without their newlines.
  package let lines: [String]
  /// What messages call the file.
  package let file: String

  /// The cells of a text in order; what stands before the first is one of its own, without a tag,
  /// where it is more than blanks.
  package static func cells(of text: String, file: String) -> [FileCell] {
    var cells: [FileCell] = []
    var (title, line, lines) = ("", 1, [String]())
    func close() {
      if line > 1 || !title.isEmpty || lines.contains(where: { !$0.trimmed.isEmpty }) {
        cells.append(FileCell(title: title, line: line, lines: lines, file: file))
      }
    }
    var number = 0
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let read = part.hasSuffix("\r") ? String(part.dropLast()) : String(part)
      guard let found = FileCell.title(of: read) else {
        lines.append(read)
        continue
      }
      close()
      (title, line, lines) = (found.isEmpty ? " " : found, number, [])
    }
    close()
    return cells
  }

  /// What stands behind `# %%`; `nil` for other lines.
  private static func title(of line: String) -> String? {
    for mark in ["# %%", "#%%"] where line.hasPrefix(mark) {
      let rest = line.dropFirst(mark.count)
      guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
      return String(rest).trimmed
    }
    return nil
  }

  private init(title: String, line: Int, lines: [String], file: String) {
    var rest = title.trimmed
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      tag = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = String(rest[rest.index(after: end)...])
    } else {
      tag = ""
    }
    words = rest.split(whereSeparator: \.isWhitespace).map(String.init)
    (self.line, self.lines, self.file) = (line, lines, file)
  }

  // MARK: What stands in it

  private static let replyMark = "Reply:"

  /// The comment lines without their `# `, up to a reply.
  package var prose: [String] { Array(comments.prefix { !$0.hasPrefix(FileCell.replyMark) }) }

  /// What stands from `# Reply: ` on; empty where there is none.
  package var reply: [String] {
    var reply = Array(comments.drop { !$0.hasPrefix(FileCell.replyMark) })
    if let first = reply.first {
      reply[0] = String(first.dropFirst(FileCell.replyMark.count)).trimmed
    }
    return reply
  }

  /// The comment lines without their `# `.
  private var comments: [String] {
    lines.filter { $0.hasPrefix("#") }.map { line in
      let rest = line.dropFirst()
      return String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
    }
  }

  /// True where a line of it is code.
  package var hasCode: Bool { lines.contains { !$0.hasPrefix("#") && !$0.trimmed.isEmpty } }

  /// The lines as a text with the numbers that they have in the file.
  package var source: SourceText {
    SourceText(name: file, text: lines.joined(separator: "\n") + "\n", firstLine: line + 1)
  }

  /// The code alone, without comments before and behind it.
  package var code: String {
    let parsed = Parser.parse(source)
    guard parsed.faults.isEmpty, let first = parsed.script.statements.first,
      let last = parsed.script.statements.last
    else { return lines.filter { !$0.hasPrefix("#") }.joined(separator: "\n").trimmed }
    return first.range.union(last.range).text
  }
}
