/// Philox as a generator of the standard library: for permutations.
package struct PhiloxGenerator: RandomNumberGenerator {
  private let philox: Philox
  private let stream: UInt64
  private var block: UInt32 = 0
  private var spare: UInt64?

  /// The numbers of one stream of a seed, from the first: streams share no block.
  package init(seed: UInt64, stream: UInt64) {
    self.philox = Philox(seed: seed)
    self.stream = stream
  }

  /// The next 64 bits; two words of a block of four, high word first.
  package mutating func next() -> UInt64 {
    if let word = spare {
      spare = nil
      return word
    }
    let words = philox.words(block: block, site: .max, step: stream)
    block &+= 1
    spare = UInt64(words[2]) << 32 | UInt64(words[3])
    return UInt64(words[0]) << 32 | UInt64(words[1])
  }
}
