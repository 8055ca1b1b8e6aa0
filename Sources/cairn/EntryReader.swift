import Syntax

/// Reads entries: lines until the text lacks no end.
final class EntryReader {
  private let lines: any LineSource
  /// The lines of the entry that is being typed.
  private let typed: TypedLines
  /// Lines read so far.
  private var linesRead = 0
  /// The number of the last entry's first line.
  private(set) var firstLine = 1

  /// - Parameter typed: Holds the unfinished entry, as completion sees it too.
  init(_ lines: any LineSource, typed: TypedLines) {
    (self.lines, self.typed) = (lines, typed)
  }

  /// The next entry.
  ///
  /// - Parameters:
  ///   - prompt: What stands before its first line, and before the others.
  ///   - isWhole: True for a first line that is an entry by itself, whatever it lacks.
  ///   - isUnfinished: True where more lines have to follow.
  func next(
    prompt: (isFirst: String, others: String), isWhole: (String) -> Bool,
    isUnfinished: (String) -> Bool
  ) -> LineInput {
    typed.entry = EntryText()
    defer { typed.entry = EntryText() }
    while true {
      let isFirst = typed.entry.lineCount == 0
      let shown = isFirst ? prompt.isFirst : prompt.others
      switch lines.next(prompt: shown, indentation: typed.entry.indentation) {
      case .interrupted: return .interrupted
      case .failed(let fault): return .failed(fault)
      case .end: return isFirst ? .end : .line(typed.entry.text)
      case .line(let line):
        linesRead += 1
        if isFirst {
          firstLine = linesRead
          if isWhole(line) { return .line(line) }
        }
        guard typed.entry.append(line) else { continue }
        if !isUnfinished(typed.entry.text) { return .line(typed.entry.text) }
      }
    }
  }
}

/// The entry that is being typed, as completion sees it too.
final class TypedLines {
  /// Its lines so far.
  var entry = EntryText()
  /// Its finished lines; ends with a newline unless empty.
  var text: String { entry.lineCount == 0 ? "" : entry.text + "\n" }
}
