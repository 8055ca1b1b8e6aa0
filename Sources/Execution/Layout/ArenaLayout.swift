import Schedules

/// Where in one arena each of many blocks lies, when all lifetimes are known beforehand.
///
/// Blocks that live at the same action never overlap. The least arena possible is the peak of the
/// bytes alive at once; finding it is NP-hard (Garey & Johnson 1979, "dynamic storage allocation"),
/// so several heuristics are tried and the smallest arena is kept: first fit and best fit in the
/// order of time, the same from the end backwards, fit from both ends (long lives low, short lives
/// high), and, up to 2,000 blocks, greedy by size.
///
/// What gaps cost: on uniform chains of equal layers, for every strategy of the catalogue, the
/// arena is at most 1.05 times the peak of its blocks (a test asserts it).
package struct ArenaLayout: Hashable, Sendable {
  /// A block of `bytes`, in use from action `begins` up to, not including, action `ends`.
  package struct Block: Hashable, Sendable {
    /// How many; rounded up to `alignment` where it is placed.
    package var bytes: Int
    private var (first, last): (Int32, Int32)

    /// The first action that it lives at.
    package var begins: Int { Int(first) }
    /// The action before which it is gone.
    package var ends: Int {
      get { Int(last) }
      set { last = Int32(newValue) }
    }

    /// A block of this life, anywhere yet.
    package init(bytes: Int, begins: Int, ends: Int) {
      self.bytes = bytes
      (first, last) = (Int32(begins), Int32(ends))
    }
  }

  /// Offset of each block, a multiple of `alignment`.
  package let offsets: [Int]
  /// Bytes of the arena.
  package let byteCount: Int
  /// The peak of the blocks alive at once, each rounded up to `alignment`: no arena is smaller.
  package let leastByteCount: Int

  /// Alignment of every block, in bytes.
  package static let alignment = 64

  /// So many bytes, rounded up to the alignment.
  static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

  /// Places the blocks. A block that ends where it begins counts as alive for that one action.
  ///
  /// Where planning is asked to stop, the blocks lie anywhere: whoever asked for them asks too.
  package init(_ blocks: [Block]) {
    let problem = LayoutProblem(blocks)
    leastByteCount = problem.least
    var best = problem.placedInTime(.lowest)
    // A gap of 1 % is not worth another search.
    let goal = problem.least + problem.least / 100
    func improve(_ attempt: () -> LayoutProblem.Attempt?) {
      guard best.size > goal, !Planning.isCancelled, let found = attempt(),
        found.size < best.size
      else { return }
      best = found
    }
    improve { problem.placedInTime(.tightest) }
    improve { problem.reversed.placedInTime(.lowest) }
    improve { problem.reversed.placedInTime(.tightest) }
    for room in [0, 1, 2, 4, 8] {
      for life in [3, 12, 48, blocks.count / 4] {
        improve {
          problem.placedFromBothEnds(
            within: problem.least + problem.least / 100 * room, longerThan: life)
        }
      }
    }
    if blocks.count <= 2_000 { improve { problem.placedBySize() } }
    offsets = best.offsets
    byteCount = best.size
  }
}
