/// What the symbols of a text stand for: its characters (code points) in their order, or bytes.
package final class Alphabet: Sendable {
  /// What one symbol is.
  package enum Unit: String, CaseIterable, Sendable {
    case character, byte
  }

  /// What one symbol is.
  package let unit: Unit
  /// The characters by the number of their symbol; empty where symbols are bytes.
  package let characters: [Unicode.Scalar]

  /// The alphabet of these characters, which must stand in ascending order, each once.
  package init(characters: [Unicode.Scalar]) {
    unit = .character
    self.characters = characters
  }

  /// The 256 bytes.
  package init() {
    unit = .byte
    characters = []
  }

  /// Symbols that there are.
  package var count: Int { unit == .byte ? 256 : characters.count }

  /// A character that is not in the alphabet, and its place in the text, from 0.
  package struct Stranger: Error, Hashable {
    package let character: Unicode.Scalar
    package let place: Int

    /// A character and its place.
    package init(character: Unicode.Scalar, place: Int) {
      self.character = character
      self.place = place
    }
  }

  /// How many symbols a text has.
  package func length(of text: String) -> Int {
    unit == .byte ? text.utf8.count : text.unicodeScalars.count
  }

  /// Writes the symbols of a text, for which there must be room.
  package func encode(
    _ text: String, into symbols: UnsafeMutablePointer<Int32>
  ) throws(Stranger) {
    if unit == .byte {
      for (place, byte) in text.utf8.enumerated() { symbols[place] = Int32(byte) }
      return
    }
    for (place, character) in text.unicodeScalars.enumerated() {
      guard let number = number(of: character) else {
        throw Stranger(character: character, place: place)
      }
      symbols[place] = Int32(number)
    }
  }

  private func number(of character: Unicode.Scalar) -> Int? {
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high) / 2
      if characters[middle] < character { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low] == character ? low : nil
  }

  /// The text of symbols, each of which must be one of the alphabet's. Bytes that are no UTF-8
  /// come out as `�`.
  package func decode(_ symbols: some Sequence<Int>) -> String {
    if unit == .byte {
      return String(decoding: symbols.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
    var text = String.UnicodeScalarView()
    for symbol in symbols { text.append(characters[symbol]) }
    return String(text)
  }
}
