/// Takes bytes one by one, and gives the characters (code points) that they are in UTF-8, as the
/// Unicode standard's table of well-formed sequences has them: no longer ones than needed, no
/// surrogates, nothing above 0x10FFFF.
struct UTF8Decoder {
  /// What a byte completes.
  enum Step {
    case character(UInt32)
    /// Nothing yet: more bytes of the character follow.
    case inside
    /// No byte may be so here.
    case fault
  }

  private var value: UInt32 = 0
  /// Bytes of the character that are still to come.
  private(set) var missing = 0
  /// What the next byte of a character may be.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// Takes the next byte. After a fault nothing more may be taken.
  mutating func take(_ byte: UInt8) -> Step {
    if missing > 0 {
      guard allowed.contains(byte) else { return .fault }
      allowed = 0x80...0xBF
      value = value << 6 | UInt32(byte & 0x3F)
      missing -= 1
      return missing == 0 ? .character(value) : .inside
    }
    switch byte {
    case 0..<0x80: return .character(UInt32(byte))
    case 0xC2..<0xE0: begin(byte & 0x1F, 1)
    case 0xE0..<0xF0: begin(byte & 0x0F, 2)
    case 0xF0..<0xF5: begin(byte & 0x07, 3)
    default: return .fault
    }
    switch byte {
    case 0xE0: allowed = 0xA0...0xBF
    case 0xED: allowed = 0x80...0x9F
    case 0xF0: allowed = 0x90...0xBF
    case 0xF4: allowed = 0x80...0x8F
    default: break
    }
    return .inside
  }

  private mutating func begin(_ bits: UInt8, _ missing: Int) {
    value = UInt32(bits)
    self.missing = missing
  }
}
