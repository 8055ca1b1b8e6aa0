/// The scan from the end of an order of computing that liveness, peaks and costs rest on: a step is
/// needed where something after it reads one of its values, or it makes a result, or updates.
///
/// Holds its working memory, so that thousands of orders can be measured in a row.
struct OrderScan {
  private let rows: ScanRows
  private let stepCount: Int
  private let resultBytes: Int
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
    rows = ScanRows(table)
    stepCount = table.count
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
    let rows = rows
    rows.begin(order)
    let (isNeeded, bytes, isFetched) = (rows.isNeeded, rows.bytes, rows.isFetched)
    let mayFetch = !isFetched.isEmpty
    var live = resultBytes
    for place in order.indices.reversed() {
      let step = order[place]
      let row = rows.row(step)
      var unread = 0
      var isTaken = row.isUpdate
      for value in Int(row.values.start)..<Int(row.values.end) {
        if isNeeded[value] { isTaken = true } else { unread &+= bytes[value] }
        isNeeded[value] = false
        if mayFetch, isFetched[value], rows.firstPlaces[value] == place { isTaken = true }
      }
      guard isTaken else { continue }
      if step >= stepCount { isFetched[step - stepCount] = true }
      var reused = 0
      for place in Int(row.reusable.start)..<Int(row.reusable.end)
      where !isNeeded[Int(rows.reusable[place])] {
        reused = row.first
        break
      }
      var freed = 0
      for place in Int(row.inputs.start)..<Int(row.inputs.end) {
        let input = Int(rows.inputs[place])
        guard !isNeeded[input] else { continue }
        isNeeded[input] = true
        freed &+= bytes[input]
      }
      let after = live &+ unread
      visit(place, step, after &+ freed &- reused &+ row.scratch, after)
      live = after &+ freed &- row.made
    }
    return live
  }

  /// Peak, FLOPs and excess over a budget of the schedule that an order stands for.
  mutating func measure(
    _ order: [Int], budget: Int = .max
  ) throws(ScheduleError) -> Figures {
    var figures = Figures(peak: resultBytes, cost: 0, excess: 0)
    let rows = rows
    let first = try run(order) { _, step, during, _ in
      figures.cost &+= rows.row(step).cost
      figures.peak = max(figures.peak, during)
      if during > budget { figures.excess &+= during - budget }
    }
    figures.peak = max(figures.peak, first)
    for value in rows.isFetched.indices where rows.isFetched[value] {
      figures.cost &+= rows.row(stepCount + value).cost
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
