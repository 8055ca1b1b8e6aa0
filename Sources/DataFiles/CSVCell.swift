/// What a cell of a table is.
enum CSVCell {
  /// The number that it spells in decimal digits: infinite where a double holds none so large.
  case number(Double)
  /// It says that its value is missing.
  case missing
  case word

  /// What the bytes of a cell are.
  init(_ cell: UnsafeBufferPointer<UInt8>) {
    if let number = CSVCell.number(cell) {
      self = .number(number)
    } else {
      self = CSVCell.isMissing(cell) ? .missing : .word
    }
  }

  /// The number that a text spells in decimal digits; `nil` for any other text.
  static func number(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer(number)
  }

  private static let powers = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// A sign or none; digits, among them a point or none; an exponent or none.
  private static func number(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    var place = 0
    let isNegative = cell.first == UInt8(ascii: "-")
    if isNegative || cell.first == UInt8(ascii: "+") { place = 1 }
    var mantissa: UInt64 = 0
    var isExact = true
    var digits = 0
    var exponent = 0
    var isFraction = false
    while place < cell.count {
      let digit = cell[place] &- 48
      if digit < 10 {
        if mantissa < 100_000_000_000_000_000 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
        } else {
          isExact = false
        }
        digits += 1
        if isFraction { exponent -= 1 }
      } else if cell[place] == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    if place < cell.count {
      guard let power = power(cell[place...]) else { return nil }
      exponent += power
    }
    // Both exact as doubles: so is their quotient or product, but for one rounding.
    if isExact, mantissa < 1 << 53, abs(exponent) <= 22 {
      let number =
        exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
      return isNegative ? -number : number
    }
    return Double(String(decoding: cell, as: UTF8.self))
      ?? (isNegative ? -1 : 1) * (exponent > 0 && mantissa > 0 ? .infinity : 0)
  }

  /// The power of ten behind an `e`; so large a one that no number has it, where it is larger.
  private static func power(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    guard text.first == UInt8(ascii: "e") || text.first == UInt8(ascii: "E") else { return nil }
    var text = text.dropFirst()
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative || text.first == UInt8(ascii: "+") { text = text.dropFirst() }
    guard !text.isEmpty else { return nil }
    var power = 0
    for byte in text {
      guard byte &- 48 < 10 else { return nil }
      power = min(power * 10 + Int(byte &- 48), 1 << 40)
    }
    return isNegative ? -power : power
  }

  /// The ways in which a cell says that its value is missing, in capitals or not; numbers without
  /// an end are no values either.
  private static func isMissing(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard cell.count <= 9 else { return false }
    let word = String(decoding: cell, as: UTF8.self).lowercased()
    if ["", "na", "n/a", "null", "?"].contains(word) { return true }
    let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
    return ["nan", "inf", "infinity"].contains(unsigned)
  }
}
