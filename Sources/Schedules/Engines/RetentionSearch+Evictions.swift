extension RetentionSearch {
  /// A value let go after one use and computed again, or fetched, before the next.
  struct Eviction {
    /// The value that is let go.
    var value: Int
    /// The place in the order of the step that reads it next; the order's end for a result.
    var use: Int
    /// What to run before that one, in order: the maker and what it misses, or the fetch.
    var remade: [Int]
    /// FLOPs of those steps; what the fetch, and the write where it is the first, are worth.
    var cost: Int
    /// Bytes by which the excess falls, summed over the steps: an estimate.
    var gain: Int

    /// FLOPs for each byte that the excess falls by: the lowest first.
    var ratio: Double { Double(cost) / Double(gain) }
  }

  /// Generations of missing inputs that are computed again too, one choice after another; the
  /// others are retained instead.
  private static let generations = [0, 1, 2, 4, .max]

  /// Most steps that one eviction may run again.
  private static let mostRemade = 400

  /// All evictions of an order that lower its excess over the budget.
  mutating func evictions(_ order: [Int]) throws(ScheduleError) -> [Eviction] {
    let profile = try OrderProfile(order, budget: budget, table, &scan)
    var firstWrite: [Int: Int] = [:]
    if hasWrites {
      for (place, step) in order.enumerated() {
        if let target = writes[step], firstWrite[target] == nil { firstWrite[target] = place }
      }
    }
    let fetched = Set(order.filter { $0 >= table.count })
    var walk = Walk(table, instances: profile.lastUse.count)
    var evictions: [Eviction] = []
    for (place, step) in order.enumerated() {
      for value in table.inputs(of: step) {
        let from = walk.touched[value]
        walk.touched[value] = place
        guard profile.isHigh(from, place) else { continue }
        if let page = page(value, from: from, to: place, fetched, profile) {
          evictions.append(page)
        }
        guard value < table.forwardValueCount, !table.isResult[value] else { continue }
        var last = -1
        for generations in Self.generations {
          guard
            let remake = walk.remake(value, at: place, generations, profile, reads, firstWrite)
          else { break }
          extraWork += 4 * remake.steps.count + 4
          if remake.steps.count == last { break }
          last = remake.steps.count
          let gain = profile.gain(value, from: from, to: place, remake, &extraWork)
          guard gain > 0 else { continue }
          let cost = remake.steps.reduce(0) { $0 &+ table.cost[$1] }
          evictions.append(
            Eviction(value: value, use: place, remade: remake.steps, cost: cost, gain: gain))
        }
      }
      walk.enter(step, at: place, profile)
    }
    for value in 0..<(table.moveCount - table.count) where table.isResult[value] {
      let from = walk.touched[value]
      guard from >= 0, profile.isHigh(from, order.count) else { continue }
      if let page = page(value, from: from, to: order.count, fetched, profile) {
        evictions.append(page)
      }
    }
    return evictions
  }

  /// The eviction of a value that a fetch brings back; `nil` where transfers have no price, or the
  /// excess would not fall.
  private mutating func page(
    _ value: Int, from: Int, to place: Int, _ fetched: Set<Int>, _ profile: OrderProfile
  ) -> Eviction? {
    guard let fetch = table.fetch(of: value), table.bytes[value] > 0 else { return nil }
    let gain = profile.gain(value, from: from, to: place, Remake(steps: [fetch]), &extraWork)
    guard gain > 0 else { return nil }
    let cost = table.cost[fetch] &* (fetched.contains(fetch) ? 1 : 2)
    return Eviction(value: value, use: place, remade: [fetch], cost: cost, gain: gain)
  }

  /// How a value comes back: the steps to run, and the values, with their last use until now, that
  /// have to be retained for them.
  fileprivate struct Remake {
    var steps: [Int] = []
    var held: [(value: Int, last: Int)] = []
  }

  /// A walk through the order: which instance of each value is the latest, and when it was last
  /// made or read.
  private struct Walk {
    private let table: StepTable
    private var instance: [Int]
    var touched: [Int]
    private var seen: [Int]
    private var round = 0

    init(_ table: StepTable, instances: Int) {
      self.table = table
      instance = Array(repeating: -1, count: table.valueCount)
      touched = instance
      seen = Array(repeating: 0, count: table.count)
    }

    /// Passes over a step.
    mutating func enter(_ step: Int, at place: Int, _ profile: OrderProfile) {
      let values = table.values(of: step)
      for value in values {
        instance[value] = profile.firstInstance[place] + value - values.lowerBound
        touched[value] = place
      }
    }

    /// How to have the value again at a place; `nil` where it cannot be: a backward step made it, a
    /// parameter that a step reads is updated by then, or it takes too many steps.
    mutating func remake(
      _ value: Int, at place: Int, _ generations: Int, _ profile: OrderProfile,
      _ reads: [NumberList], _ firstWrite: [Int: Int]
    ) -> Remake? {
      round += 1
      var remake = Remake()
      let isPossible = visit(
        table.makers[value], but: value, at: place, generations, profile, reads, firstWrite,
        &remake)
      return isPossible ? remake : nil
    }

    private mutating func visit(
      _ step: Int, but value: Int, at place: Int, _ generations: Int, _ profile: OrderProfile,
      _ reads: [NumberList], _ firstWrite: [Int: Int], _ remake: inout Remake
    ) -> Bool {
      guard seen[step] != round else { return true }
      guard step < table.forwardCount, remake.steps.count < RetentionSearch.mostRemade else {
        return false
      }
      seen[step] = round
      for target in reads[step] {
        if let first = firstWrite[target], first < place { return false }
      }
      for input in table.inputs(of: step) where input != value {
        let last = profile.lastUse[instance[input]]
        if last >= place { continue }
        if generations == 0 {
          remake.held.append((input, last))
        } else {
          guard
            visit(
              table.makers[input], but: value, at: place, generations - 1, profile, reads,
              firstWrite, &remake)
          else { return false }
        }
      }
      remake.steps.append(step)
      return true
    }
  }
}

/// The bytes of an order, place by place, and the last use of each instance of a value.
///
/// In long orders neighbouring places are taken together, at the highest of them.
struct OrderProfile {
  private let table: StepTable
  private let budget: Int
  /// Bytes between the step at each place and the one before it, and at the end.
  private var before: [Int]
  /// Places taken together, and the highest bytes of each such block.
  private let width: Int
  private var high: [Int]
  /// For each block, how many before it lie above the budget.
  private var highBefore = [0]
  /// Of each place, the number of the first instance it makes; of each instance, its last use.
  private(set) var firstInstance: [Int] = []
  private(set) var lastUse: [Int] = []

  /// Blocks that an order is divided into at most.
  private static let mostBlocks = 2048

  init(
    _ order: [Int], budget: Int, _ table: StepTable, _ scan: inout OrderScan
  ) throws(ScheduleError) {
    self.table = table
    self.budget = budget
    var before = Array(repeating: 0, count: order.count)
    before.append(zip(table.bytes, table.isResult).reduce(0) { $1.1 ? $0 + $1.0 : $0 })
    let width = max(1, order.count / Self.mostBlocks)
    var high = Array(repeating: 0, count: order.count / width + 1)
    _ = try scan.run(order) { place, step, during, after in
      before[place] = after - table.made[step]
      high[place / width] = max(high[place / width], during)
    }
    self.before = before
    self.width = width
    self.high = high
    for bytes in high {
      highBefore.append(highBefore[highBefore.count - 1] + (bytes > budget ? 1 : 0))
    }
    var instance = Array(repeating: -1, count: table.valueCount)
    firstInstance.reserveCapacity(order.count)
    for (place, step) in order.enumerated() {
      table.forEachInput(of: step) { lastUse[instance[$0]] = place }
      firstInstance.append(lastUse.count)
      for value in table.values(of: step) {
        instance[value] = lastUse.count
        lastUse.append(place)
      }
    }
    for value in 0..<table.valueCount where table.isResult[value] && instance[value] >= 0 {
      lastUse[instance[value]] = order.count
    }
  }

  /// The blocks that lie wholly between two places.
  private func blocks(_ from: Int, _ to: Int) -> Range<Int> {
    let first = from / width + 1
    return first..<max(first, to / width)
  }

  /// True where some step between the two places is above the budget.
  func isHigh(_ from: Int, _ to: Int) -> Bool {
    let blocks = blocks(from, to)
    return highBefore[blocks.upperBound] > highBefore[blocks.lowerBound]
  }

  /// Highest bytes between two places.
  func highest(_ from: Int, _ to: Int) -> Int { high[blocks(from, to)].max() ?? 0 }

  /// By how much the excess falls where a value is idle between two places and comes back by a
  /// remake: what it frees, less what is retained for it, less what its steps need while they run.
  fileprivate func gain(
    _ value: Int, from: Int, to: Int, _ remake: RetentionSearch.Remake, _ work: inout Int
  ) -> Int {
    let end = blocks(from, to).upperBound
    var changes = [(block: from / width + 1, bytes: -table.bytes[value])]
    for held in remake.held {
      changes.append((held.last / width + 1, table.bytes[held.value]))
    }
    changes.sort { $0.block < $1.block }
    var gain = 0
    var change = 0
    for (number, next) in changes.enumerated() {
      change += next.bytes
      let stop = number + 1 < changes.count ? min(end, changes[number + 1].block) : end
      guard change != 0, next.block < stop else { continue }
      work += stop - next.block
      for block in next.block..<stop {
        gain += max(0, high[block] - budget) - max(0, high[block] + change - budget)
      }
    }
    var live = before[to] + change
    for step in remake.steps {
      gain -= max(0, live + table.made[step] + table.scratch[step] - budget)
      live += table.made[step]
    }
    return gain
  }
}
