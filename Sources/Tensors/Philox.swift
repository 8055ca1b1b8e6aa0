/// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
/// random numbers as a function of a key and a counter, so that any draw can be drawn again.
///
/// The key is a 64-bit seed. The counter holds the block of elements, the place of the draw in the
/// program (site), and the step.
package struct Philox: Hashable, Sendable {
  /// The key.
  package let seed: UInt64

  /// The random numbers of this key.
  package init(seed: UInt64) { self.seed = seed }

  /// The four words of block `block` at (`site`, `step`).
  package func words(block: UInt32, site: UInt32, step: UInt64) -> SIMD4<UInt32> {
    Philox.words(
      counter: [block, site, UInt32(truncatingIfNeeded: step), UInt32(step >> 32)],
      key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
  }

  /// The function itself: ten rounds.
  package static func words(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for _ in 0..<10 {
      let first = counter[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = counter[2].multipliedFullWidth(by: 0xCD9E_8D57)
      counter = [
        second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low,
      ]
      key &+= [0x9E37_79B9, 0xBB67_AE85]
    }
    return counter
  }
}
