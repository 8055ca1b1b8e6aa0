/// A set of values below 256.
struct ValueSet: Hashable {
  private var words: SIMD4<UInt64> = .zero

  /// Whether a value, from 0 to 255, is a member.
  func contains(_ value: Int) -> Bool { words[value >> 6] & (1 << UInt64(value & 63)) != 0 }

  /// Makes a value, from 0 to 255, a member.
  mutating func insert(_ value: Int) { words[value >> 6] |= 1 << UInt64(value & 63) }

  /// Takes a value out, if it is a member.
  mutating func remove(_ value: Int) { words[value >> 6] &= ~(1 << UInt64(value & 63)) }

  /// Keeps the members that the other set has too.
  mutating func formIntersection(_ other: ValueSet) { words &= other.words }

  /// The members that the other set does not have.
  func subtracting(_ other: ValueSet) -> ValueSet {
    var left = self
    left.words &= ~other.words
    return left
  }

  /// Removes and gives the highest member; `nil` for the empty set.
  mutating func popHighest() -> Int? {
    for place in (0..<4).reversed() where words[place] != 0 {
      let bit = 63 - words[place].leadingZeroBitCount
      words[place] &= ~(1 << UInt64(bit))
      return place * 64 + bit
    }
    return nil
  }

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
