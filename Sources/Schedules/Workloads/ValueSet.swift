/// A set of values below 256.
struct ValueSet: Hashable {
  private var words: SIMD4<UInt64> = .zero

  /// The empty set.
  init() {}

  /// The set of these values, each below 256.
  init(_ members: some Sequence<Int>) {
    for member in members { insert(member) }
  }

  @inline(__always)
  /// Whether the value is in it.
  func contains(_ value: Int) -> Bool { words[value >> 6] & (1 << UInt64(value & 63)) != 0 }

  @inline(__always)
  /// Puts a value in.
  mutating func insert(_ value: Int) { words[value >> 6] |= 1 << UInt64(value & 63) }

  @inline(__always)
  /// Takes a value out.
  mutating func remove(_ value: Int) { words[value >> 6] &= ~(1 << UInt64(value & 63)) }

  @inline(__always)
  /// Leaves what both have.
  mutating func formIntersection(_ other: ValueSet) { words &= other.words }

  @inline(__always)
  /// Adds what the other has.
  mutating func formUnion(_ other: ValueSet) { words |= other.words }

  @inline(__always)
  /// Takes out what the other has.
  mutating func subtract(_ other: ValueSet) { words &= ~other.words }

  @inline(__always)
  /// What both have.
  func intersection(_ other: ValueSet) -> ValueSet {
    var both = self
    both.words &= other.words
    return both
  }

  @inline(__always)
  /// What either has.
  func union(_ other: ValueSet) -> ValueSet {
    var all = self
    all.words |= other.words
    return all
  }

  @inline(__always)
  /// What the other does not have.
  func subtracting(_ other: ValueSet) -> ValueSet {
    var left = self
    left.words &= ~other.words
    return left
  }

  @inline(__always)
  /// Whether all of the other are in it.
  func isSuperset(of other: ValueSet) -> Bool { other.words & ~words == .zero }

  @inline(__always)
  /// Whether the two have none in common.
  func isDisjoint(with other: ValueSet) -> Bool { words & other.words == .zero }

  @inline(__always)
  /// Whether it has no value.
  var isEmpty: Bool { words == .zero }

  /// A number that is equal for equal sets, and seldom for others.
  @inline(__always)
  var mixed: UInt64 {
    var mixed: UInt64 = 0
    for place in 0..<4 {
      mixed = (mixed ^ words[place]) &* 0x9E37_79B9_7F4A_7C15
      mixed ^= mixed >> 29
    }
    return mixed
  }

  /// Removes and gives the highest member; `nil` for the empty set.
  @inline(__always)
  mutating func popHighest() -> Int? {
    for place in (0..<4).reversed() where words[place] != 0 {
      let bit = 63 - words[place].leadingZeroBitCount
      words[place] &= ~(1 << UInt64(bit))
      return place * 64 + bit
    }
    return nil
  }

  /// Calls `body` with each member, ascending.
  @inline(__always)
  func visitAll(_ body: (Int) -> Void) {
    for place in 0..<4 {
      var word = words[place]
      while word != 0 {
        body(place * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}
