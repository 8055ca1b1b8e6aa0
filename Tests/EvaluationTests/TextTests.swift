import Foundation
import Testing

@testable import Evaluation

/// A `Text` means what the standard library's string of the same characters means, whether its
/// bytes say all or not.
@Suite struct TextTests {
  static let strings = [
    "", "a", "b", "ab", "a b", " a  b ", "row 7, 49", "row 7, 490",
    String(repeating: "x", count: 40),
    "a,b,,c", ",", ",,", "a\tb\nc\u{B}d\u{C}e", "a\u{1C}b", "a\r\nb", "a\rb", "\n", "\r", "\r\n",
    "\0",
    "é", "e\u{301}", "e", "\u{301}", "K", "\u{212A}", ";", "\u{37E}",
    "層👩‍👩‍👧x", "👩‍👩‍👧", "\u{200D}",
    "a\u{A0}b\u{2028}c", "Å", "\u{212B}", "A\u{30A}", "z", "ß", "~", "\u{7F}", "\u{80}",
  ]

  private static let pairs = strings.flatMap { a in strings.map { (a, $0) } }

  /// Texts of the same characters: as made, with all known, sliced from longer ones, and grown.
  private func texts(_ string: String) -> [Text] {
    let known = Text.of(string)
    _ = (known.hash, known.count, known.isPlain)
    var grown = Value.string(.of(""))
    for character in string.unicodeScalars {
      let isDone = grown.grow(by: .of(String(character)))
      #expect(isDone)
    }
    guard case .string(let last) = grown else { return [] }
    return [Text.of(string), known, last, .constant(string)]
  }

  @Test func `characters, lengths and parts are the string's`() {
    for string in Self.strings {
      for text in texts(string) {
        #expect(text.string == string && text.string.utf8.elementsEqual(string.utf8))
        #expect(text.count == string.count && text.byteCount == string.utf8.count)
        for (place, character) in string.enumerated() {
          #expect(text[place..<place + 1].string == String(character))
          if let plain = text.plainCharacter(place) { #expect(plain.string == String(character)) }
        }
        #expect(text.plainCharacter(string.count) == nil && text.plainCharacter(-1) == nil)
        if let words = text.plainWords {
          #expect(strings(words) == string.split(whereSeparator: \.isWhitespace).map(String.init))
        }
      }
    }
  }

  private func strings(_ values: [Value]) -> [String] {
    values.map { if case .string(let text) = $0 { text.string } else { "?" } }
  }

  @Test func `equality, hashes and order are those of the strings`() {
    for (first, second) in Self.pairs {
      for (a, b) in zip(texts(first), texts(second).reversed()) {
        #expect(
          a.equals(b) == (first == second), "\(first.debugDescription) \(second.debugDescription)")
        #expect((a < b) == (first < second), "\(first.debugDescription) \(second.debugDescription)")
        if first == second { #expect(a.hash == b.hash, "\(first.debugDescription)") }
      }
    }
  }

  @Test func `joined, searched and cut, texts are what the strings are`() {
    for (first, second) in Self.pairs {
      for (a, b) in zip(texts(first), texts(second)) {
        let sum = a + b
        #expect(sum.string.utf8.elementsEqual((first + second).utf8))
        #expect(
          sum.isPlain == Text.of(first + second).isPlain && sum.count == (first + second).count)
        if let isPart = a.plainlyContains(b) {
          #expect(isPart == (second.isEmpty || first.contains(second)))
        }
        if !second.isEmpty, let parts = a.plainParts(between: b) {
          #expect(strings(parts) == first.components(separatedBy: second))
        }
      }
    }
  }

  @Test func `a string that others hold does not grow in their hands`() throws {
    let text = """
      fn f() {
        let s = "ab"
        let t = s
        s = s + s
        s += s
        let u = s
        for i in 0..<20 { s = s + "\\(i)" }
        [s, t, u]
      }
      f()
      """
    let numbers = (0..<20).map(String.init).joined()
    #expect(try Lab.last(text) == "[\"abababab\(numbers)\", \"ab\", \"abababab\"]")
  }

  @Test func `integers in strings have all their digits`() throws {
    var numbers = [0, Int.max, -Int.max]
    var power = 1
    for _ in 0..<18 {
      power *= 10
      numbers += [power - 1, power, power + 1, -power, 1 - power, power / 3, power / 8]
    }
    for number in numbers {
      #expect(try Lab.last("\"<\\(\(number))>\"") == "\"<\(number)>\"")
    }
  }
}
