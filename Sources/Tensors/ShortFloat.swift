/// A float of two bytes: a sign, some bits of exponent, the rest fraction, as in IEEE 754.
package enum ShortFloat: Hashable, Sendable {
  /// binary16: 5 bits of exponent, 10 of fraction; up to 65504, to three digits.
  case f16
  /// bfloat16, the upper half of an f32: 8 bits of exponent, 7 of fraction; up to 3.4e38, to two
  /// digits.
  case bf16

  /// Bits of the fraction.
  private var fractionBits: Int {
    switch self {
    case .f16: 10
    case .bf16: 7
    }
  }

  /// The exponent of the least normal number.
  private var leastExponent: Int {
    switch self {
    case .f16: -14
    case .bf16: -126
    }
  }

  /// The bits of infinity.
  private var infinity: UInt16 {
    switch self {
    case .f16: 0x7C00
    case .bf16: 0x7F80
    }
  }

  /// The greatest finite number.
  package var greatest: Double {
    switch self {
    case .f16: 65504
    case .bf16: 0x1.FEp127
    }
  }

  /// True for a number that does not become infinite.
  package func holds(_ number: Double) -> Bool {
    !number.isFinite || bits(of: number) & 0x7FFF != infinity
  }

  /// The bits of the nearest number, of two the one with an even last bit; what is beyond the
  /// greatest by half a step or more is infinite.
  package func bits(of number: Double) -> UInt16 {
    let sign: UInt16 = number.sign == .minus ? 0x8000 : 0
    let magnitude = number.magnitude
    if number.isNaN { return sign | infinity | 1 << UInt16(fractionBits - 1) }
    if magnitude.isInfinite { return sign | infinity }
    if magnitude == 0 { return sign }
    // In steps of the number's binade, or of the numbers below the least normal one.
    let exponent = max(Int(magnitude.exponent), leastExponent)
    let step = Double(sign: .plus, exponent: exponent - fractionBits, significand: 1)
    let steps = Int((magnitude / step).rounded(.toNearestOrEven))
    // The hidden bit carries into the exponent where there is one.
    let biased = (exponent - leastExponent) << fractionBits
    return sign | UInt16(min(biased + steps, Int(infinity)))
  }

  /// The number that two bytes are.
  package func number(_ bits: UInt16) -> Double {
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    let body = Int(bits & 0x7FFF)
    if body >= Int(infinity) { return body == Int(infinity) ? sign * .infinity : .nan }
    let fraction = body & (1 << fractionBits - 1)
    let binade = body >> fractionBits
    return sign
      * Double(
        sign: .plus, exponent: leastExponent - fractionBits + max(binade - 1, 0),
        significand: Double(binade == 0 ? fraction : fraction + 1 << fractionBits))
  }
}
