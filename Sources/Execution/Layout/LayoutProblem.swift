import Algorithms
import Schedules

/// The blocks of a layout, rounded up and sorted by time, and the heuristics that place them.
struct LayoutProblem {
  /// One placement of all blocks.
  struct Attempt {
    /// Offset of each block, in bytes.
    var offsets: [Int]
    /// Bytes of the arena that it needs.
    var size: Int
  }

  /// One block begins or ends.
  private struct Event {
    let time: Int
    let block: Int
    let isBeginning: Bool
  }

  /// Bytes and lifetimes, rounded: bytes to the alignment, lives to at least one action.
  private var sizes: [Int]
  private var begins: [Int]
  private var ends: [Int]
  /// In the order of time; ends before beginnings at the same time.
  private var events: [Event]
  /// The peak of the bytes alive at once.
  let least: Int

  /// Rounds bytes up to the alignment, and lives up to one action.
  init(_ blocks: [ArenaLayout.Block]) {
    self.init(
      sizes: blocks.map { ArenaLayout.aligned($0.bytes) },
      begins: blocks.map(\.begins), ends: blocks.map { max($0.ends, $0.begins + 1) })
  }

  private init(sizes: [Int], begins: [Int], ends: [Int]) {
    self.sizes = sizes
    self.begins = begins
    self.ends = ends
    var events: [Event] = []
    events.reserveCapacity(2 * sizes.count)
    for block in sizes.indices where sizes[block] > 0 {
      events.append(Event(time: begins[block], block: block, isBeginning: true))
      events.append(Event(time: ends[block], block: block, isBeginning: false))
    }
    events.sort { a, b in
      if a.time != b.time { return a.time < b.time }
      if a.isBeginning != b.isBeginning { return !a.isBeginning }
      return a.block < b.block
    }
    self.events = events
    var alive = 0
    var peak = 0
    for event in events {
      alive += event.isBeginning ? sizes[event.block] : -sizes[event.block]
      peak = max(peak, alive)
    }
    least = peak
  }

  /// The same blocks with time running backwards: a placement of one is a placement of the other.
  var reversed: LayoutProblem {
    LayoutProblem(sizes: sizes, begins: ends.map { -$0 }, ends: begins.map { -$0 })
  }

  /// Places each block as it begins; the arena grows where no gap fits.
  func placedInTime(_ choice: FreeSpace.Choice) -> Attempt {
    var space = FreeSpace(capacity: nil)
    var offsets = [Int](repeating: 0, count: sizes.count)
    for (number, event) in events.enumerated() {
      if number % 1024 == 0, Planning.isCancelled { break }
      let size = sizes[event.block]
      if event.isBeginning {
        offsets[event.block] = space.take(size, choice) ?? 0
      } else {
        space.giveBack(offsets[event.block], size)
      }
    }
    return Attempt(offsets: offsets, size: space.top)
  }

  /// Places each block as it begins in an arena of fixed size: blocks that live longer than `life`
  /// actions as low as they fit, others as high as they fit. `nil` where one does not fit.
  func placedFromBothEnds(within capacity: Int, longerThan life: Int) -> Attempt? {
    let capacity = ArenaLayout.aligned(capacity)
    var space = FreeSpace(capacity: capacity)
    var offsets = [Int](repeating: 0, count: sizes.count)
    for (number, event) in events.enumerated() {
      if number % 1024 == 0, Planning.isCancelled { return nil }
      let block = event.block
      if event.isBeginning {
        let isLong = ends[block] - begins[block] > life
        guard let offset = space.take(sizes[block], isLong ? .lowest : .highest) else { return nil }
        offsets[block] = offset
      } else {
        space.giveBack(offsets[block], sizes[block])
      }
    }
    return Attempt(offsets: offsets, size: capacity)
  }

  /// Places the largest blocks first (of equals, the longest lived), each as low as the blocks
  /// placed before that live at the same time allow.
  func placedBySize() -> Attempt {
    let order = sizes.indices.filter { sizes[$0] > 0 }.sorted { a, b in
      if sizes[a] != sizes[b] { return sizes[a] > sizes[b] }
      let (lifeOfA, lifeOfB) = (ends[a] - begins[a], ends[b] - begins[b])
      return lifeOfA != lifeOfB ? lifeOfA > lifeOfB : a < b
    }
    var offsets = [Int](repeating: 0, count: sizes.count)
    var placed: [Int] = []  // by offset
    var size = 0
    for block in order {
      var offset = 0
      for other in placed where begins[other] < ends[block] && begins[block] < ends[other] {
        if offset + sizes[block] <= offsets[other] { break }
        offset = max(offset, offsets[other] + sizes[other])
      }
      offsets[block] = offset
      size = max(size, offset + sizes[block])
      placed.insert(block, at: placed.partitioningIndex { offsets[$0] > offset })
    }
    return Attempt(offsets: offsets, size: size)
  }
}
