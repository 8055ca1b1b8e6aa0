/// Did-you-mean by edit distance.
enum Suggestion {
  /// `did you mean \`relu\`?`; `nil` where no candidate is near.
  static func hint(for word: String, among candidates: [String]) -> String? {
    nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// The candidate with the fewest edits, at most a third of the word's length; the first of equals.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, word.count / 3)
    var best: (name: String, distance: Int)?
    for name in candidates where abs(name.count - word.count) <= limit {
      let edits = distance(word, name)
      if edits <= limit, edits < best?.distance ?? .max { best = (name, edits) }
    }
    return best?.name
  }

  /// Damerau's distance, neighbours swapped counting once (optimal string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased())
    let b = Array(b.lowercased())
    var earlier: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var edits = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, earlier[j - 1] + 1) }
        row.append(edits)
      }
      earlier = previous
      previous = row
    }
    return previous[b.count]
  }
}
