/// Sentences broken into lines.
package enum Wrapped {
  /// Broken at spaces into lines of at most 80 columns, each with the first one's indent, and
  /// those behind the first with so many columns more.
  package static func lines(_ text: String, width: Int = 80, hanging: Int = 0) -> [String] {
    guard text.columns > width else { return [text.trimmedAtEnd] }
    let indent = String(text.prefix { $0 == " " })
    let inner = indent + String(repeating: " ", count: hanging)
    var lines: [String] = []
    var line = ""
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for word in words.drop(while: \.isEmpty) {
      if line.isEmpty {
        line = indent + word
      } else if line.columns + 1 + word.columns > width {
        lines.append(line.trimmedAtEnd)
        line = word.isEmpty ? "" : inner + word
      } else {
        line += " " + word
      }
    }
    if !line.isEmpty { lines.append(line.trimmedAtEnd) }
    return lines
  }
}
