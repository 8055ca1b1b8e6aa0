/// Goes through the JSON of a safetensors header (RFC 8259), as far as such headers need it:
/// objects, texts, and lists of whole numbers. It is strict, and hears of each name, also of one
/// that an object has twice, which readers of all of JSON hide.
struct JSONReader {
  private let text: UnsafeRawBufferPointer
  private var place = 0

  /// A reader at the first byte of a text, which must outlive it.
  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  /// That something else stands at the place that is reached than was expected.
  func problem(_ part: SafetensorsHeader.Part) -> DataFileFault {
    let found = text[min(place, text.count)..<min(place + 20, text.count)]
    return .safetensors(
      .header(expected: part, found: String(decoding: found, as: UTF8.self), at: place))
  }

  private mutating func skipBlanks() {
    while place < text.count {
      switch text[place] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): place += 1
      default: return
      }
    }
  }

  private mutating func next(is byte: UInt8) -> Bool {
    skipBlanks()
    return place < text.count && text[place] == byte
  }

  private mutating func take(_ byte: UInt8) throws(DataFileFault) {
    guard next(is: byte) else {
      throw problem(.characters(String(Unicode.Scalar(byte))))
    }
    place += 1
  }

  /// Nothing but blanks is left.
  mutating func end() throws(DataFileFault) {
    skipBlanks()
    guard place == text.count else { throw problem(.end) }
  }

  /// An object: calls a body at the value of each of its names, in order; the body reads it.
  mutating func object(
    _ member: (inout JSONReader, String) throws(DataFileFault) -> Void
  ) throws(DataFileFault) {
    try take(UInt8(ascii: "{"))
    if next(is: UInt8(ascii: "}")) {
      place += 1
      return
    }
    while true {
      let name = try string()
      try take(UInt8(ascii: ":"))
      try member(&self, name)
      if next(is: UInt8(ascii: "}")) {
        place += 1
        return
      }
      try take(UInt8(ascii: ","))
    }
  }

  // MARK: Numbers

  /// A list of whole numbers from 0, of any length or of this one.
  mutating func integers(exactly count: Int? = nil) throws(DataFileFault) -> [Int] {
    try take(UInt8(ascii: "["))
    var numbers: [Int] = []
    if !next(is: UInt8(ascii: "]")) || count ?? 0 > 0 {
      numbers.append(try integer())
      while numbers.count != count, count != nil || next(is: UInt8(ascii: ",")) {
        try take(UInt8(ascii: ","))
        numbers.append(try integer())
      }
    }
    try take(UInt8(ascii: "]"))
    return numbers
  }

  private mutating func integer() throws(DataFileFault) -> Int {
    skipBlanks()
    let start = place
    var number = 0
    while place < text.count, text[place] &- 48 < 10 {
      let (tens, tooMany) = number.multipliedReportingOverflow(by: 10)
      let (sum, tooLarge) = tens.addingReportingOverflow(Int(text[place] &- 48))
      guard !tooMany, !tooLarge else {
        place = start
        throw problem(.integer)
      }
      number = sum
      place += 1
    }
    let hasZeroBefore = place - start > 1 && text[start] == UInt8(ascii: "0")
    let goesOn = place < text.count && ".eE".utf8.contains(text[place])
    guard place > start, !hasZeroBefore, !goesOn else {
      place = start
      throw problem(.integer)
    }
    return number
  }

  // MARK: Texts

  /// A text in quotes.
  mutating func string() throws(DataFileFault) -> String {
    guard next(is: UInt8(ascii: "\"")) else { throw problem(.text) }
    let start = place
    place += 1
    while place < text.count, text[place] != UInt8(ascii: "\""), text[place] != UInt8(ascii: "\\"),
      text[place] >= 0x20
    {
      place += 1
    }
    if place < text.count, text[place] == UInt8(ascii: "\"") {
      // Without escapes: the bytes as they are.
      guard let string = String(validating: text[(start + 1)..<place], as: UTF8.self) else {
        place = start
        throw problem(.text)
      }
      place += 1
      return string
    }
    place = start
    return try stringWithEscapes()
  }

  private mutating func stringWithEscapes() throws(DataFileFault) -> String {
    let start = place
    var bytes: [UInt8] = []
    place += 1
    while place < text.count, text[place] >= 0x20 {
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "\"") {
        if let string = String(validating: bytes, as: UTF8.self) { return string }
        break
      }
      if byte != UInt8(ascii: "\\") {
        bytes.append(byte)
      } else if let scalar = escape() {
        bytes += String(scalar).utf8
      } else {
        break
      }
    }
    place = start
    throw problem(.text)
  }

  /// The character that an escape stands for, from behind its backslash; `nil` for no escape.
  private mutating func escape() -> Unicode.Scalar? {
    guard place < text.count else { return nil }
    let byte = text[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: return nil
    }
    guard let high = hexadecimal() else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
    // Two halves of one character.
    guard place + 1 < text.count, text[place] == UInt8(ascii: "\\"),
      text[place + 1] == UInt8(ascii: "u")
    else { return nil }
    place += 2
    guard let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    guard place + 4 <= text.count else { return nil }
    let digits = String(decoding: text[place..<(place + 4)], as: UTF8.self)
    guard digits.allSatisfy(\.isHexDigit), digits.utf8.count == 4 else { return nil }
    place += 4
    return UInt32(digits, radix: 16)
  }
}
