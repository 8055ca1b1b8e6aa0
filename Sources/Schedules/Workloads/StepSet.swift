/// A set of steps below 256.
struct StepSet: Hashable {
  private var words: SIMD4<UInt64> = .zero

  func contains(_ step: Int) -> Bool { words[step >> 6] & (1 << UInt64(step & 63)) != 0 }

  mutating func insert(_ step: Int) { words[step >> 6] |= 1 << UInt64(step & 63) }

  mutating func remove(_ step: Int) { words[step >> 6] &= ~(1 << UInt64(step & 63)) }

  /// The members, ascending.
  var members: [Int] {
    var members: [Int] = []
    for place in 0..<4 {
      var word = words[place]
      while word != 0 {
        members.append(place * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
    return members
  }
}
