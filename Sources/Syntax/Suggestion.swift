/// Did you mean: the known name nearest to a mistyped one.
package enum Suggestion {
  /// The candidate with the least edit distance to `name`, at most a third of its length (at least
  /// one edit for names of two letters and more); the first in alphabetical order among equals.
  /// `nil` where none is near.
  package static func closest(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    guard name.utf8.count <= 1024 else { return nil }
    let letters = Array(name.lowercased())
    guard letters.count >= 2, letters.count <= 64 else { return nil }
    let limit = max(1, letters.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name && candidate.utf8.count <= 1024 {
      let other = Array(candidate.lowercased())
      guard abs(other.count - letters.count) <= limit else { continue }
      let distance = distance(letters, other)
      guard distance <= limit else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  /// Damerau–Levenshtein distance, in its optimal string alignment form: the least number of
  /// letters put in, left out, changed, or swapped with their neighbour.
  package static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let change = last[j] + (first[i] == second[j] ? 0 : 1)
        var least = min(change, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          least = min(least, beforeLast[j - 1] + 1)
        }
        row.append(least)
      }
      (beforeLast, last) = (last, row)
    }
    return last[second.count]
  }
}
