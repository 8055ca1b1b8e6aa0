/// Sentences broken into lines.
package enum Wrapped {
  /// Broken at spaces into lines of at most 80 columns, each with the first one's indent.
  package static func lines(_ text: String, width: Int = 80) -> [String] {
    guard text.columns > width else { return [text.trimmedAtEnd] }
    let indent = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for word in words.drop(while: \.isEmpty) {
      if line.isEmpty {
        line = indent + word
      } else if line.columns + 1 + word.columns > width {
        lines.append(line.trimmedAtEnd)
        line = word.isEmpty ? "" : indent + word
      } else {
        line += " " + word
      }
    }
    if !line.isEmpty { lines.append(line.trimmedAtEnd) }
    return lines
  }
}
