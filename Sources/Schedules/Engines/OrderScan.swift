/// The scan from the end of an order of computing that liveness, peaks and costs rest on: a step is
/// needed where something after it reads one of its values, or it makes a result, or updates.
///
/// Holds its working memory, so that thousands of orders can be measured in a row.
struct OrderScan {
  private let table: StepTable
  private let resultBytes: Int
  /// Of each value: something after this point reads it, or it outlives the run.
  private var isNeeded: [Bool]
  /// Of each value: something after this point fetches it. Empty where there are no fetches.
  private var isFetched: [Bool]
  /// Of each value: the place that first makes it. Empty where there are no fetches.
  private var firstPlaces: [Int]
  private var pace = Planning.Pace()
  /// Steps passed over so far, of all orders.
  private(set) var work = 0

  /// What an order comes to.
  struct Figures {
    /// Highest total, in bytes.
    var peak: Int
    /// FLOPs of all that is computed; with fetches, what they and the writes are worth as well.
    var cost: Int
    /// Bytes above the budget, summed over the steps.
    var excess: Int
  }

  /// Prepares to measure orders of the steps of the table.
  init(_ table: StepTable) {
    self.table = table
    isNeeded = table.isResult
    isFetched = Array(repeating: false, count: table.moveCount - table.count)
    firstPlaces = isFetched.map { _ in 0 }
    resultBytes = zip(table.bytes, table.isResult).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
  }

  /// Calls `visit` with each needed step of the order, the last first: its place, the step, the
  /// bytes live while it runs, scratch included, and those right after it with what it made in
  /// vain.
  ///
  /// Gives the bytes that live before the first. Throws `.cancelled` where the planning is to stop.
  @inline(__always)
  mutating func run(
    _ order: [Int], _ visit: (_ place: Int, _ step: Int, _ during: Int, _ after: Int) -> Void
  ) throws(ScheduleError) -> Int {
    work &+= order.count
    try pace.count(order.count)
    let table = table
    for value in isNeeded.indices { isNeeded[value] = table.isResult[value] }
    if !isFetched.isEmpty { findFirstPlaces(order) }
    var live = resultBytes
    for place in order.indices.reversed() {
      let step = order[place]
      var unread = 0
      var isTaken = table.phases[step] == .update
      for value in table.values(of: step) {
        if isNeeded[value] { isTaken = true } else { unread += table.bytes[value] }
        isNeeded[value] = false
        if !isFetched.isEmpty, isFetched[value], firstPlaces[value] == place { isTaken = true }
      }
      guard isTaken else { continue }
      if step >= table.count { isFetched[step - table.count] = true }
      let reuses = table.mayReuse(in: step) { !isNeeded[$0] }
      var freed = 0
      table.forEachInput(of: step) { input in
        guard !isNeeded[input] else { return }
        isNeeded[input] = true
        freed += table.bytes[input]
      }
      let after = live + unread
      let reused = reuses ? table.firstBytes(of: step) : 0
      visit(place, step, after + freed - reused + table.scratch[step], after)
      live = after + freed - table.made[step]
    }
    return live
  }

  private mutating func findFirstPlaces(_ order: [Int]) {
    for value in isFetched.indices { isFetched[value] = false }
    for place in order.indices.reversed() where order[place] < table.count {
      for value in table.values(of: order[place]) { firstPlaces[value] = place }
    }
  }

  /// Peak, FLOPs and excess over a budget of the schedule that an order stands for.
  mutating func measure(
    _ order: [Int], budget: Int = .max
  ) throws(ScheduleError) -> Figures {
    var figures = Figures(peak: resultBytes, cost: 0, excess: 0)
    let costs = table.cost
    let first = try run(order) { _, step, during, _ in
      figures.cost &+= costs[step]
      figures.peak = max(figures.peak, during)
      if during > budget { figures.excess &+= during - budget }
    }
    figures.peak = max(figures.peak, first)
    for value in isFetched.indices where isFetched[value] {
      figures.cost &+= costs[table.count + value]
    }
    return figures
  }

  /// The order without the steps that are not needed.
  mutating func compacted(_ order: [Int]) throws(ScheduleError) -> [Int] {
    var kept: [Int] = []
    kept.reserveCapacity(order.count)
    _ = try run(order) { _, step, _, _ in kept.append(step) }
    kept.reverse()
    return kept
  }
}
