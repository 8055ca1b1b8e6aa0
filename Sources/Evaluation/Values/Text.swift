/// A string in a box, so that a `Value` stays two words.
package final class Text {
  /// Its characters, as they print.
  package private(set) var string: String
  /// The characters one by one, once they were asked for by number.
  private var knownCharacters: [Character]?
  /// Whether each byte is a character, once that was asked for.
  private var knownPlainness: Bool?
  /// 0 until it was asked for.
  private var knownHash = 0

  /// Strings are compared by their characters, not by their box.
  package init(_ string: String) { self.string = string }

  private var characters: [Character] {
    if let knownCharacters { return knownCharacters }
    let characters = Array(string)
    knownCharacters = characters
    return characters
  }

  private var isPlain: Bool {
    if let knownPlainness { return knownPlainness }
    let isPlain = Text.isPlain(string)
    knownPlainness = isPlain
    return isPlain
  }

  private static func isPlain(_ string: String) -> Bool {
    string.utf8.withContiguousStorageIfAvailable(isPlain)
      ?? string.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") }
  }

  /// True where each byte is a character: all are looked at, many at once.
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var found: UInt8 = 0
    for byte in bytes { found |= byte & 0x80 | (byte == UInt8(ascii: "\r") ? 0x80 : 0) }
    return found == 0
  }

  /// The same for equal strings: found out once.
  @inline(__always)
  var hash: Int { knownHash != 0 ? knownHash : findHash() }

  @inline(never)
  private func findHash() -> Int {
    knownHash = string.hashValue | 1
    return knownHash
  }

  /// True where both have the same characters.
  @inline(__always)
  func equals(_ other: Text) -> Bool {
    self === other || mayEqual(other) && string == other.string
  }

  /// False where hashes that are known differ.
  @inline(__always)
  private func mayEqual(_ other: Text) -> Bool {
    knownHash == other.knownHash || knownHash == 0 || other.knownHash == 0
  }

  /// A string that a program spells: it is compared often.
  static func constant(_ string: String) -> Text {
    if string.utf8.count == 1, let character = string.first { return of(character) }
    let text = Text(string)
    _ = text.hash
    return text
  }

  /// How many characters it has.
  var count: Int { isPlain ? string.utf8.count : characters.count }

  /// The characters of a stretch of it.
  subscript(stretch: Range<Int>) -> Text {
    guard isPlain else { return Text(String(characters[stretch])) }
    let bytes = string.utf8
    let lower = bytes.index(bytes.startIndex, offsetBy: stretch.lowerBound)
    let part = Text(String(string[lower..<bytes.index(lower, offsetBy: stretch.count)]))
    part.knownPlainness = true
    return part
  }

  /// The character at a place, as a string that is made once; `nil` outside, and where not every
  /// byte is a character.
  func plainCharacter(_ place: Int) -> Text? {
    guard place >= 0, isPlain, place < string.utf8.count else { return nil }
    return Text.single[Int(byte(place))]
  }

  private func byte(_ place: Int) -> UInt8 {
    let bytes = string.utf8
    return bytes.withContiguousStorageIfAvailable { $0[place] }
      ?? bytes[bytes.index(bytes.startIndex, offsetBy: place)]
  }

  /// Calls `body` with each character, until it gives false.
  func forEachCharacter(_ body: (Value) throws(Fault) -> Bool) throws(Fault) {
    guard isPlain else {
      for character in string { if try !body(.string(Text.of(character))) { return } }
      return
    }
    for place in 0..<string.utf8.count {
      if try !body(.string(Text.single[Int(byte(place))])) { return }
    }
  }

  /// A string of one character: of the plain ones, each is made once.
  static func of(_ character: Character) -> Text {
    guard let byte = character.utf8.first, byte < 0x80, character.utf8.count == 1 else {
      return Text(String(character))
    }
    return Text.single[Int(byte)]
  }

  /// Sessions on several threads share these: nothing of them is found out later.
  nonisolated(unsafe) private static let single = (0..<0x80).map { byte in
    let text = Text(String(UnicodeScalar(UInt8(byte))))
    _ = (text.count, text.hash)
    return text
  }

  /// Grows by a string: only a box that nobody else holds.
  fileprivate func append(_ more: Text) {
    if knownPlainness == true, !more.isPlain { knownPlainness = false }
    knownCharacters = nil
    knownHash = 0
    string += more.string
  }
}

extension Value {
  /// Lets the string that stands here grow, where nobody else holds it and it stays within so many
  /// bytes; false for all else, which stays as it is.
  mutating func grow(by more: Text, most: Int) -> Bool {
    guard var text = takeText() else { return false }
    defer { self = .string(text) }
    guard isKnownUniquelyReferenced(&text),
      text.string.utf8.count + more.string.utf8.count <= most
    else { return false }
    text.append(more)
    return true
  }

  /// The string, of which nothing is left here.
  @inline(__always)
  private mutating func takeText() -> Text? {
    guard case .string = self else { return nil }
    guard case .string(let text) = take() else { return nil }
    return text
  }
}
