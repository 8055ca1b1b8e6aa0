/// Numbers and byte literals.
extension Lexer {
  /// `1_000`, `0x1F`, `0.5`, `1e-3`, and with a unit behind it on the line `64 KiB`, `50 µs`,
  /// `1 T`.
  mutating func number() -> Token {
    let start = offset
    var isFloat = false
    var radix = 10
    if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x"), isHexDigit(byte(2)) {
      radix = 16
      offset += 2
      skipDigits(where: isHexDigit)
    } else {
      skipDigits(where: Character.isDigit)
      if byte() == UInt8(ascii: "."), Character.isDigit(byte(1)) {
        isFloat = true
        offset += 1
        skipDigits(where: Character.isDigit)
      }
      if byte() | 0x20 == UInt8(ascii: "e") {
        let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+") ? 1 : 0
        if Character.isDigit(byte(1 + sign)) {
          isFloat = true
          offset += 1 + sign
          skipDigits(where: Character.isDigit)
        }
      }
    }
    let digits = bytes[start..<offset].filter { $0 != UInt8(ascii: "_") }
    let text = String(decoding: radix == 16 ? digits.dropFirst(2) : digits[...], as: UTF8.self)
    if radix == 10, let power = takePower() {
      let place = text.firstIndex { $0 == "e" || $0 == "E" }
      let exponent = place.flatMap { Int(text[text.index(after: $0)...]) } ?? 0
      let whole = text[..<(place ?? text.endIndex)] + "e\(exponent + power)"
      guard let value = Double(whole), value.isFinite else {
        return token(.invalid(.numberTooLarge("a float", at: range(start))), start)
      }
      return token(.float(value), start)
    }
    let unit = takeUnit()
    if unit == nil, isAtWord {
      skipWord()
      return token(.invalid(.malformedNumber(at: range(start))), start)
    }
    if isFloat {
      guard let value = Double(text), value.isFinite else {
        return token(.invalid(.numberTooLarge("a float", at: range(start))), start)
      }
      guard let unit else { return token(.float(value), start) }
      let count = (value * Double(unit)).rounded(.down)
      guard count < 0x1p63 else {
        return token(.invalid(.numberTooLarge("a byte count", at: range(start))), start)
      }
      return token(.bytes(Int(count)), start)
    }
    guard let value = Int(text, radix: radix) else {
      return token(.invalid(.numberTooLarge("an int", at: range(start))), start)
    }
    guard let unit else { return token(.integer(value), start) }
    let (count, overflows) = value.multipliedReportingOverflow(by: unit)
    guard !overflows else {
      return token(.invalid(.numberTooLarge("a byte count", at: range(start))), start)
    }
    return token(.bytes(count), start)
  }

  /// The units of byte literals, and the bytes in each.
  static let units: [(name: String, bytes: Int)] = [
    ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
  ]

  /// The units of seconds, and what stands for many: the power of ten that each multiplies by.
  static let powers: [(name: String, number: Int)] = [
    ("s", 0), ("ms", -3), ("µs", -6), ("us", -6), ("ns", -9), ("M", 6), ("G", 9), ("T", 12),
  ]

  /// Takes a unit that stands behind a number on its line, and gives its bytes.
  private mutating func takeUnit() -> Int? { take(from: Self.units.map { ($0.name, $0.bytes) }) }

  /// Takes a unit of seconds, or what stands for many, and gives its power of ten.
  private mutating func takePower() -> Int? { take(from: Self.powers) }

  /// Takes one of these words where it stands behind a number on its line, and gives its number.
  private mutating func take(from words: [(name: String, number: Int)]) -> Int? {
    let start = offset
    while byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") { offset += 1 }
    let word = offset
    if isAtWord, !Character.isDigit(byte()) {
      skipWord()
      for unit in words where bytes[word..<offset].elementsEqual(unit.name.utf8) {
        return unit.number
      }
    }
    offset = start
    return nil
  }

  /// Skips digits, and an underscore between two of them.
  private mutating func skipDigits(where isDigit: (UInt8) -> Bool) {
    while isDigit(byte()) || (byte() == UInt8(ascii: "_") && isDigit(byte(1))) { offset += 1 }
  }

  private func isHexDigit(_ byte: UInt8) -> Bool {
    Character.isDigit(byte)
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }
}
