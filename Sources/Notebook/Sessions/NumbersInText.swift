import Foundation

/// Texts that may differ in the last digits of their numbers.
enum NumbersInText {
  /// True where the texts have the same words, and the same numbers to so many significant digits.
  ///
  /// Numbers without a fraction or an exponent (counts, bytes) have to be the same where both are
  /// written so. Runs of spaces count as one, since columns are as wide as their numbers.
  static func agree(_ one: String, _ other: String, digits: Int) -> Bool {
    let (left, right) = (parts(of: one), parts(of: other))
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { agree($0, $1, digits: digits) }
  }

  private static func agree(_ one: Part, _ other: Part, digits: Int) -> Bool {
    if one.text == other.text { return true }
    guard one.isNumber, other.isNumber, !(one.isWhole && other.isWhole),
      let a = Double(one.text), let b = Double(other.text)
    else { return false }
    let most = max(abs(a), abs(b))
    guard most > 0, most.isFinite else { return a == b }
    let unit = pow(10, (log10(most)).rounded(.down) + 1 - Double(digits))
    return abs(a - b) <= unit * (1 + 1e-9)
  }

  /// A number, a run of spaces (as one), or another character.
  private struct Part {
    var text: String
    var isNumber = false
    var isWhole: Bool { text.allSatisfy { $0.isNumber || $0 == "-" } }
  }

  private static func parts(of text: String) -> [Part] {
    var rest = text[...]
    var parts: [Part] = []
    while let first = rest.first {
      if let number = rest.prefixMatch(of: /-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?/) {
        parts.append(Part(text: String(number.output.0), isNumber: true))
        rest = rest[number.range.upperBound...]
      } else if first == " " {
        parts.append(Part(text: " "))
        rest = rest.drop { $0 == " " }
      } else {
        // A word as a whole, so that the digits in a name are none of a number.
        let word = rest.prefix { $0.isLetter || $0 == "_" }
        let name =
          word.isEmpty
          ? rest.prefix(1) : rest.prefix { $0.isLetter || $0 == "_" || $0.isNumber }
        parts.append(Part(text: String(name)))
        rest = rest.dropFirst(name.count)
      }
    }
    return parts
  }
}
