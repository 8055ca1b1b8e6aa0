extension String {
  /// Code points that a word of a message, such as a name, may have.
  package static let longestWord = 240
  /// Code points that a text of a message may have.
  package static let longestText = 2400

  /// As a message may show it: texts of more than 2400 code points, and words of more than 240, are
  /// cut in their midst, where an ellipsis stands.
  package var shortened: String {
    guard utf8.count > String.longestWord else { return self }
    return self[...].cut(to: String.longestText)
      .split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.cut(to: String.longestWord) }.joined(separator: " ")
  }
}

extension Substring {
  /// Its beginning and its end with an ellipsis between, where it is longer.
  fileprivate func cut(to length: Int) -> String {
    guard utf8.count > length, unicodeScalars.dropFirst(length).first != nil else {
      return String(self)
    }
    let (start, end) = (unicodeScalars.prefix(length * 3 / 4), unicodeScalars.suffix(length / 8))
    return String(start) + "…" + String(end)
  }
}
