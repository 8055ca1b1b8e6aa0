/// The row of runs, with ever lower limits, that `dtr` chooses from: the same for every budget.
///
/// Limits lie five percent apart, and a third of a percent before one that cannot be kept. A run
/// is also the run of every lower limit that it happens to keep. A plan that peaks at less than
/// two thirds of what its run held is not taken, so that under a budget only the limits from one
/// and a half of it down need to be run.
struct EvictionRow {
  /// Most steps of a graph whose row is walked to its end, so that a tighter budget never costs
  /// less. Beyond, plans count down to three quarters of the highest peak that fits.
  static let mostStepsToTheEnd = 1000

  /// What a run gave.
  private struct Found {
    /// The most bytes that the run held at once.
    let held: Int
    /// Highest bytes of its plan.
    let peak: Int
    /// FLOPs of all that it computes.
    let cost: Int
    /// The steps in the order of computing.
    let order: [Int]
  }

  private let table: StepTable
  private let heuristic: DTR.Heuristic
  private let plain: Found
  /// A limit below this, in bytes, is kept by no run.
  private let floor: Int
  /// What each limit gave; `nil` where it cannot be kept.
  private var outcomes: [Int: Found?] = [:]
  /// Units of work so far, of all runs.
  private(set) var work = 0

  /// The row of a table's plain order.
  init(_ table: StepTable, _ heuristic: DTR.Heuristic) throws(ScheduleError) {
    self.table = table
    self.heuristic = heuristic
    let order = Array(0..<table.count)
    let (peak, cost) = try Liveness.measure(order, table)
    plain = Found(held: peak, peak: peak, cost: cost, order: order)
    floor = EvictionRun.least(table)
  }

  /// How many runs there were so far.
  var runs: Int { outcomes.count }

  /// The order of the cheapest plan that fits, of equals the one of lowest peak.
  ///
  /// Throws `.impossible` with the lowest peak of the row, and `.cancelled`.
  mutating func order(within budget: Int) throws(ScheduleError) -> [Int] {
    guard plain.peak > budget else { return plain.order }
    let quarters = table.count <= Self.mostStepsToTheEnd ? 0 : 3
    let fitting = try walk(within: budget, quarters: quarters)
    if let highest = fitting.map(\.peak).max() {
      var frontier = Frontier<[Int]>()
      for found in fitting where found.peak >= highest / 4 * quarters {
        frontier.add(peak: found.peak, cost: found.cost, found.order)
      }
      return try frontier.cheapest(within: budget)
    }
    // The lowest peak lies above: the row is walked to its end from ever higher up.
    var height = max(budget, floor)
    while height < plain.peak {
      height += max(1, height / 2)
      let fitting = try walk(within: min(height, plain.peak - 1), quarters: 0)
      if let least = fitting.map(\.peak).min() {
        throw .impossible(budget: budget, least: least, isProven: false)
      }
    }
    throw .impossible(budget: budget, least: plain.peak, isProven: false)
  }

  /// The orders of all plans of the row but the plain one: all that `order(within:)` chooses from.
  ///
  /// Throws `.cancelled`.
  mutating func orders() throws(ScheduleError) -> [[Int]] {
    try walk(within: plain.peak - 1, quarters: 0).map(\.order)
  }

  /// The plans that fit, from the highest peak down to so many quarters of it at least.
  private mutating func walk(within budget: Int, quarters: Int) throws(ScheduleError) -> [Found] {
    var fitting: [Found] = []
    var highest = 0
    func take(_ found: Found) {
      guard found.peak <= budget, found.peak >= found.held / 3 * 2 else { return }
      highest = max(highest, found.peak)
      fitting.append(found)
    }
    var limit = below(plain.peak)
    while below(limit) >= budget + budget / 2 { limit = below(limit) }
    /// The limit before this one; `nil` where that could not be kept.
    var before: Int?
    while (before ?? limit) >= max(floor, highest / 4 * quarters) {
      if let found = try outcome(limit) {
        take(found)
        while limit >= found.held { (before, limit) = (limit, below(limit)) }
      } else {
        if let start = before {
          var held = start
          for fine in stride(from: start, to: limit, by: -max(1, start / 300)) where fine < held {
            guard let found = try outcome(fine) else { break }
            take(found)
            held = found.held
          }
        }
        (before, limit) = (nil, below(limit))
      }
    }
    return fitting
  }

  /// The next limit of the row.
  private func below(_ limit: Int) -> Int { limit - max(1, limit / 20) }

  private mutating func outcome(_ limit: Int) throws(ScheduleError) -> Found? {
    guard limit >= floor else { return nil }
    if let known = outcomes[limit] { return known }
    try Planning.checkCancellation()
    var run = EvictionRun(table, limit: limit, heuristic)
    var found: Found?
    if let order = try run.order() {
      let (peak, cost) = try Liveness.measure(order, table)
      found = Found(held: run.held, peak: peak, cost: cost, order: order)
    }
    work += run.work
    outcomes[limit] = .some(found)
    return found
  }
}
