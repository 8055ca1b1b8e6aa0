/// What the evicted values around a value cost: the steps that bringing it back would need, and
/// those that would need it. Exact, under evictions and returns.
///
/// The forward is cut where one value at most crosses. What is reached beyond a cut is summed up in
/// a tree over the cuts, so that a change costs a walk through its own segment and the logarithm
/// of the number of cuts. A segment of a chain is one stage; a graph without a cut is one segment.
struct EvictedReach {
  private let table: StepTable
  private let users: (starts: [Int], list: [Int])
  /// Of each forward step: its segment.
  private let segments: [Int]
  /// Of each segment: the value that crosses its end; -1 for none.
  private let cuts: [Int]

  /// Of each value.
  private(set) var isEvicted: [Bool]
  /// From each cut on downwards: the cost reached in the next segment, linked where its cut is
  /// reached and evicted.
  private var below: LinkedSums
  /// From each cut on upwards, the row reversed: the cost of its step and of what that reaches in
  /// its segment, linked where the cut before is reached and evicted.
  private var above: LinkedSums
  /// Of each segment, how many of its values can be evicted now; linked where that is none.
  private var evictable: [Int]
  private var empty: LinkedSums
  private var changed: [Int] = []
  private var isChanged: [Bool]
  private var mark: [Int]
  private var markNow = 0
  private var open: [Int] = []
  private var edge: [Int] = []
  /// Steps looked at so far.
  private(set) var visited = 0

  /// Nothing evicted.
  init(_ table: StepTable, users: (starts: [Int], list: [Int])) {
    self.table = table
    self.users = users
    (segments, cuts) = Self.segments(table)
    isEvicted = Array(repeating: false, count: table.valueCount)
    below = LinkedSums(cuts.count)
    above = LinkedSums(cuts.count)
    evictable = Array(repeating: 0, count: cuts.count)
    empty = LinkedSums(cuts.count)
    for segment in cuts.indices { empty.set(segment, 0, isLinked: true) }
    isChanged = Array(repeating: false, count: cuts.count)
    mark = Array(repeating: 0, count: table.count)
  }

  private static func segments(_ table: StepTable) -> (segments: [Int], cuts: [Int]) {
    let lastUses = table.lastForwardUses()
    // Values by their last use: how many still cross, and the sum of their numbers, which is the
    // value where only one does.
    var ending = Array(repeating: [Int](), count: table.forwardCount)
    for value in 0..<table.forwardValueCount { ending[Int(lastUses[value])].append(value) }
    var segments: [Int] = []
    var cuts: [Int] = []
    var (crossing, sum) = (0, 0)
    for step in 0..<table.forwardCount {
      for value in table.values(of: step) { (crossing, sum) = (crossing + 1, sum + value) }
      for value in ending[step] { (crossing, sum) = (crossing - 1, sum - value) }
      segments.append(cuts.count)
      if crossing == 0 || (crossing == 1 && cuts.last != sum) {
        cuts.append(crossing == 0 ? -1 : sum)
      }
    }
    return (segments, cuts)
  }

  /// A value was made, or brought back: it can be evicted, if it is one that can.
  mutating func enter(_ value: Int) {
    if isEvicted[value] { change(value, false) }
    count(value, 1)
  }

  /// A value was evicted.
  mutating func evict(_ value: Int) {
    change(value, true)
    count(value, -1)
  }

  private mutating func count(_ value: Int, _ difference: Int) {
    guard table.isEvictable(value) else { return }
    let segment = segments[table.makers[value]]
    evictable[segment] += difference
    empty.set(segment, 0, isLinked: evictable[segment] == 0)
  }

  private mutating func change(_ value: Int, _ evicted: Bool) {
    isEvicted[value] = evicted
    let segment = segments[table.makers[value]]
    note(segment)
    if cuts[segment] == value, segment + 1 < cuts.count { note(segment + 1) }
  }

  private mutating func note(_ segment: Int) {
    guard !isChanged[segment] else { return }
    isChanged[segment] = true
    changed.append(segment)
  }

  /// Brings the sums up to date.
  private mutating func settle() {
    while let segment = changed.popLast() {
      isChanged[segment] = false
      if segment > 0, cuts[segment - 1] >= 0 {
        open.append(cuts[segment - 1])
        let (sum, goesOn) = walkDown(in: segment)
        below.set(segment - 1, sum, isLinked: goesOn)
      }
      if cuts[segment] >= 0 {
        let maker = table.makers[cuts[segment]]
        let (sum, goesOn) = walkUp(from: maker, in: segment)
        above.set(cuts.count - 1 - segment, table.cost[maker] + sum, isLinked: goesOn)
      }
    }
  }

  /// FLOPs of the steps, each once, that bringing this value back would need for evicted inputs.
  mutating func ancestors(of value: Int) -> Int {
    settle()
    let maker = table.makers[value]
    let segment = segments[maker]
    let (sum, goesOn) = walkUp(from: maker, in: segment)
    return sum + (goesOn ? above.sum(from: cuts.count - segment) : 0)
  }

  /// FLOPs of the steps, each once, whose evicted values would need this one to come back.
  mutating func descendants(of value: Int) -> Int {
    settle()
    let segment = segments[table.makers[value]]
    open.append(value)
    let (sum, goesOn) = walkDown(in: segment)
    return sum + (goesOn ? below.sum(from: segment) : 0)
  }

  /// What is not evicted of the values made from these, of one step, and from evicted ones between.
  mutating func edge(below values: [Int]) -> [Int] {
    settle()
    edge.removeAll(keepingCapacity: true)
    guard let first = values.first else { return [] }
    var segment = segments[table.makers[first]]
    open.append(contentsOf: values)
    guard walkDown(in: segment, gathers: true).goesOn else { return edge }
    let last = min(below.end(from: segment) + 1, cuts.count - 1)
    while segment < last {
      segment = empty.end(from: segment + 1)
      guard segment <= last else { break }
      open.append(cuts[segment - 1])
      _ = walkDown(in: segment, gathers: true)
    }
    return edge
  }

  private mutating func walkUp(from step: Int, in segment: Int) -> (sum: Int, goesOn: Bool) {
    markNow += 1
    var sum = 0
    var goesOn = false
    open.append(step)
    while let next = open.popLast() {
      visited += 1
      for input in table.inputs(of: next) where isEvicted[input] {
        let maker = table.makers[input]
        guard segments[maker] == segment else {
          goesOn = true
          continue
        }
        guard mark[maker] != markNow else { continue }
        mark[maker] = markNow
        sum += table.cost[maker]
        open.append(maker)
      }
    }
    return (sum, goesOn)
  }

  /// Walks from the values of `open` through evicted ones of a segment: the cost of the steps met;
  /// whether it came past the segment's cut. Gathers in `edge` what those steps make that is not
  /// evicted.
  private mutating func walkDown(
    in segment: Int, gathers: Bool = false
  ) -> (sum: Int, goesOn: Bool) {
    markNow += 1
    var sum = 0
    var goesOn = false
    while let next = open.popLast() {
      visited += 1
      if next == cuts[segment] { goesOn = true }
      for place in users.starts[next]..<users.starts[next + 1] {
        let user = users.list[place]
        guard user < table.forwardCount, segments[user] <= segment else { break }
        guard segments[user] == segment, mark[user] != markNow else { continue }
        mark[user] = markNow
        var isNeeded = false
        for made in table.values(of: user) {
          if isEvicted[made] {
            isNeeded = true
            open.append(made)
          } else if gathers {
            edge.append(made)
          }
        }
        if isNeeded { sum += table.cost[user] }
      }
    }
    return (sum, goesOn)
  }
}
