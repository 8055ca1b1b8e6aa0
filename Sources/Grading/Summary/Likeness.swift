import Syntax

/// Which submissions are nearly the same when layout, comments and names are put aside: hints to
/// look, not verdicts.
package enum Likeness {
  /// Two submissions that are alike.
  package struct Pair: Sendable, Equatable {
    package let first: String
    package let second: String
    /// The part of both that they have in common, from 0 to 1.
    package let share: Double
    /// True where nothing but layout, comments and names differs.
    package let isSame: Bool
  }

  /// From this share on a pair is told.
  static let threshold = 0.8
  /// Words of a window; what is compared are windows.
  static let window = 8
  /// Submissions with fewer windows of their own are too short to tell anything by.
  static let fewest = 16

  /// Pairs that are alike, the most alike first, then by name.
  ///
  /// - Parameters:
  ///   - texts: submissions by student; what cannot be parsed is left out.
  ///   - stub: what every student was handed out, and so says nothing; `nil` where there is none.
  package static func pairs(
    of texts: [(student: String, text: String)], stub: String? = nil
  ) -> [Pair] {
    var index = WindowIndex()
    let common = stub.flatMap { words(of: $0) }.map { index.windows(of: $0) } ?? []
    var known: [(student: String, words: [String], windows: Set<Int>)] = []
    for (student, text) in texts.sorted(by: { $0.student < $1.student }) {
      guard let words = words(of: text) else { continue }
      let windows = index.windows(of: words).subtracting(common)
      if windows.count >= fewest { known.append((student, words, windows)) }
    }
    var pairs: [Pair] = []
    for (place, first) in known.enumerated() {
      for second in known.dropFirst(place + 1) {
        let share = share(first.windows, second.windows)
        guard share >= threshold else { continue }
        pairs.append(
          Pair(
            first: first.student, second: second.student, share: share,
            isSame: first.words == second.words))
      }
    }
    return pairs.sorted {
      ($1.isSame ? 1 : 0, $1.share, $0.first, $0.second)
        < ($0.isSame ? 1 : 0, $0.share, $1.first, $1.second)
    }
  }

  private static func words(of text: String) -> [String]? {
    NormalForm.words(of: SourceText(name: "", text: text))
  }

  /// Jaccard's index: what both have, of what either has.
  private static func share(_ first: Set<Int>, _ second: Set<Int>) -> Double {
    let (small, large) = first.count < second.count ? (first, second) : (second, first)
    guard Double(small.count) >= threshold * Double(large.count) else { return 0 }
    let both = small.count { large.contains($0) }
    return Double(both) / Double(first.count + second.count - both)
  }

  /// Numbers for windows of words, so that they are compared fast.
  private struct WindowIndex {
    private var numbers: [[String]: Int] = [:]

    /// Each window of the words, in which names are numbered anew: a line put in before does not
    /// change it.
    mutating func windows(of words: [String]) -> Set<Int> {
      guard words.count >= Likeness.window else { return [] }
      var windows: Set<Int> = []
      for start in 0...(words.count - Likeness.window) {
        var names: [String: Int] = [:]
        let window = words[start..<start + Likeness.window].map { word -> String in
          guard word.hasPrefix("name ") else { return word }
          let number = names[word] ?? names.count
          names[word] = number
          return "name \(number)"
        }
        let number = numbers[window] ?? numbers.count
        numbers[window] = number
        windows.insert(number)
      }
      return windows
    }
  }
}
