/// Numbers and byte literals.
extension Lexer {
  /// `1_000`, `0x1F`, `0.5`, `1e-3`, and with a unit behind it on the line `64 KiB`.
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
    ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
  ]

  /// Takes a unit that stands behind a number on its line, and gives its bytes.
  private mutating func takeUnit() -> Int? {
    let start = offset
    while byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") { offset += 1 }
    let word = offset
    if Character.isLetter(byte()) {
      skipWord()
      for unit in Self.units where bytes[word..<offset].elementsEqual(unit.name.utf8) {
        return unit.bytes
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
