/// A local search for cheap orders under a budget, on any graph.
///
/// What a plan decides is, for each value, over which stretches of the run it is retained, and
/// where it is computed again (the retention intervals of Bartan et al. 2023, Moccasin, section 3).
/// Here the plan is an order of computing with repeats, and each instance of a value is retained
/// until its last read. Three moves: an eviction splits a stretch that is idle over a step above
/// the budget, and computes the value again right before its next read; a replay that the budget
/// leaves room for is taken out; one that it leaves no room for is taken out, and room is made
/// elsewhere. Where the table has fetches, a value may come back by one instead (the joint
/// rematerialization and paging of Patil et al. 2022, POET), and a fetch counts as a replay.
///
/// Orders stay valid under each move: the first run of every step stands where it stood.
struct RetentionSearch {
  /// The steps and values of the workload.
  let table: StepTable
  /// Bytes that orders are to keep; may be set anew between searches.
  var budget: Int
  /// Parameters and states that each step reads, and writes.
  let reads: [NumberList]
  /// The parameter or state that each step writes; `nil` for most.
  let writes: [Int?]
  /// Whether any step writes one.
  let hasWrites: Bool
  /// What measures the orders.
  var scan: OrderScan
  /// Steps that may still be passed over; the search ends with what it has when they are used up: a
  /// count, so that the answer is the same on every machine.
  var mostWork: Int
  /// Steps passed over besides those of the scan.
  var extraWork = 0
  /// In long orders, evictions are tried several at once: one for each so many steps.
  var stepsPerEviction = 500

  /// An order and what it comes to.
  struct Found {
    /// The steps in the order of computing.
    var order: [Int]
    /// Highest bytes.
    var peak: Int
    /// FLOPs of all that is computed; with fetches, what they and the writes are worth as well.
    var cost: Int
  }

  /// Prepares to search within a budget in bytes; nothing is searched yet.
  init(_ workload: Workload, _ table: StepTable, budget: Int, mostWork: Int) {
    self.table = table
    self.budget = budget
    self.mostWork = mostWork
    let fetches = table.count..<table.moveCount
    reads = workload.steps.map(\.reads) + fetches.map { _ in [] }
    writes = workload.steps.map(\.writes) + fetches.map { _ in nil }
    hasWrites = writes.contains { $0 != nil }
    scan = OrderScan(table)
  }

  /// Steps passed over so far.
  var work: Int { scan.work + extraWork }

  /// True while there is work left.
  var mayGoOn: Bool { work < mostWork }

  /// What an order comes to.
  mutating func found(_ order: [Int]) throws(ScheduleError) -> Found {
    let figures = try scan.measure(order, budget: budget)
    return Found(order: order, peak: figures.peak, cost: figures.cost)
  }

  /// Lowers an order to the budget by evictions, each the one that costs least for the excess it
  /// takes away; `nil` where it does not get there, or not below `mostCost` FLOPs.
  ///
  /// With `barred`, one value is not evicted before one step: the move would undo the caller's.
  mutating func lower(
    _ start: [Int], barred: (value: Int, before: Int)? = nil, mostCost: Int = .max
  ) throws(ScheduleError) -> Found? {
    var order = try scan.compacted(start)
    var now = try scan.measure(order, budget: budget)
    while now.excess > 0 {
      guard mayGoOn, now.cost < mostCost else { return nil }
      let evictions = try evictions(order).filter {
        barred == nil || $0.value != barred?.value || $0.use == order.count
          || order[$0.use] != barred?.before
      }.sorted { ($0.ratio, -$0.gain, $0.use, $0.value) < ($1.ratio, -$1.gain, $1.use, $1.value) }
      guard
        let (next, figures) = try firstThatLowers(evictions, order, now, mostCost: mostCost)
      else { return nil }
      order = try scan.compacted(next)
      now = figures
    }
    guard now.cost < mostCost else { return nil }
    return Found(order: order, peak: now.peak, cost: now.cost)
  }

  /// Tries evictions in their order, in long orders several at once, until one lowers the excess.
  private mutating func firstThatLowers(
    _ evictions: [Eviction], _ order: [Int], _ now: OrderScan.Figures, mostCost: Int
  ) throws(ScheduleError) -> ([Int], OrderScan.Figures)? {
    var most = max(1, order.count / stepsPerEviction)
    var place = 0
    while place < evictions.count, mayGoOn {
      var chosen: [Eviction] = []
      var values: Set<Int> = []
      var gain = 0
      var end = place
      while end < evictions.count, chosen.count < most, gain < now.excess {
        if values.insert(evictions[end].value).inserted {
          chosen.append(evictions[end])
          gain += evictions[end].gain
        }
        end += 1
      }
      let next = inserting(chosen, into: order)
      let figures = try scan.measure(next, budget: budget)
      if figures.excess < now.excess, figures.cost < mostCost { return (next, figures) }
      if chosen.count == 1 { place = end } else { most = max(1, most / 4) }
    }
    return nil
  }

  private func inserting(_ evictions: [Eviction], into order: [Int]) -> [Int] {
    var next: [Int] = []
    next.reserveCapacity(order.count + evictions.reduce(0) { $0 + $1.remade.count })
    var place = 0
    for eviction in evictions.sorted(by: { ($0.use, $0.value) < ($1.use, $1.value) }) {
      next.append(contentsOf: order[place..<eviction.use])
      next.append(contentsOf: eviction.remade)
      place = eviction.use
    }
    next.append(contentsOf: order[place...])
    return next
  }
}
