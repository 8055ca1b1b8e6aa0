/// The local search for one budget, from several beginnings.
struct BudgetedSearch {
  private let workload: Workload
  private let table: StepTable
  private let portfolio: Portfolio
  private let budget: Int
  private var search: RetentionSearch
  /// The lowest peak found, in bytes, where nothing fits.
  private(set) var least: Int

  /// Steps that may be passed over for all; half of them for the beginnings. Graphs of thousands of
  /// steps are given more; those of tens of thousands, where little can be tried, are not.
  private static let (mostWork, mostWorkOfLarge, large) = (80_000_000, 240_000_000, 1000...20_000)

  /// Most steps of a graph on which all heuristics of dtr are tried, and moccasin.
  private static let (mostStepsForAllHeuristics, mostStepsForMoccasin) = (3000, 500)

  /// Steps that may be passed over for the beginnings.
  private let workOfBeginnings: Int

  /// Prepares to search within a budget in bytes; nothing is searched yet.
  init(_ workload: Workload, _ table: StepTable, _ portfolio: Portfolio, budget: Int) {
    self.workload = workload
    self.table = table
    self.portfolio = portfolio
    self.budget = budget
    least = portfolio.frontier.points[0].peak
    let work = Self.large.contains(table.count) ? Self.mostWorkOfLarge : Self.mostWork
    workOfBeginnings = work / 2
    search = RetentionSearch(workload, table, budget: budget, mostWork: work)
  }

  /// The cheapest order found that keeps the budget, of equals one of low peak; `nil` where there
  /// is none.
  mutating func best() throws(ScheduleError) -> RetentionSearch.Found? {
    table.count <= RetentionWalk.mostSteps ? try bestOfWalk() : try bestOfBeginnings()
  }

  /// On a small graph: of all levels, whatever the budget.
  private mutating func bestOfWalk() throws(ScheduleError) -> RetentionSearch.Found? {
    let frontier = try RetentionWalk(workload, table, portfolio).frontier
    least = min(least, frontier.points.first?.peak ?? .max)
    var best = frontier.points.last { $0.peak <= budget }.map {
      RetentionSearch.Found(order: $0.plan, peak: $0.peak, cost: $0.cost)
    }
    if let other = try searchAlone(), other.cost < best?.cost ?? .max { best = other }
    if let list = try cheapestList(below: best?.cost) { best = list }
    return best
  }

  /// On a large graph: from orders chosen for this budget, the best three improved.
  private mutating func bestOfBeginnings() throws(ScheduleError) -> RetentionSearch.Found? {
    var found: [RetentionSearch.Found] = []
    for order in try beginnings() {
      guard search.work < workOfBeginnings || found.isEmpty else { break }
      if let lower = try search.lower(order) { found.append(try search.fill(lower)) }
    }
    if found.isEmpty, let lowest = try descent() { found.append(try search.fill(lowest)) }
    if let other = try searchAlone() { found.append(other) }
    if let list = try cheapestList(below: found.map(\.cost).min()) { found.append(list) }
    found.sort { ($0.cost, $0.peak) < ($1.cost, $1.peak) }
    var best = found.first
    for start in found.prefix(3) {
      let better = try search.improve(start)
      if better.cost < best?.cost ?? .max { best = better }
    }
    guard let best else { return nil }
    return try search.settle(best)
  }

  /// Orders to begin with: those that fit, the cheapest first; then the others. They are the plain
  /// one; the plain one at lower budgets, which do not depend on this one; the portfolio's cheapest
  /// that fit, and its next that do not; those of dtr.
  private mutating func beginnings() throws(ScheduleError) -> [[Int]] {
    let plain = Array(0..<table.count)
    let points = portfolio.frontier.points
    var orders = [plain]
    let fitting = points.prefix { $0.peak <= budget }
    for point in fitting.suffix(2).reversed() + points.dropFirst(fitting.count).prefix(2) {
      if let order = try point.plan.plan.order() { orders.append(order) }
    }
    let (least, most) = (points[0].peak, points[points.count - 1].peak)
    let rungs = table.count <= 500 ? 16 : table.count <= 3000 ? 4 : 0
    let heuristics: [DTR.Heuristic] =
      table.count <= Self.mostStepsForAllHeuristics ? DTR.Heuristic.allCases : [.hDTR, .msps]
    for heuristic in heuristics {
      let order = try Planning.unlessRefused { () throws(ScheduleError) in
        try DTR.order(table, budget: budget, heuristic)
      }
      if let order { orders.append(order) }
    }
    for rung in (0..<rungs).reversed() {
      let limit = least + (most - least) * rung / max(1, rungs)
      guard limit < budget else { continue }
      var lower = RetentionSearch(
        workload, table, budget: limit, mostWork: workOfBeginnings / 16)
      if let found = try lower.lower(plain) { orders.append(try lower.fill(found).order) }
    }
    var begun: [(found: RetentionSearch.Found, fits: Bool)] = []
    for order in orders {
      let found = try search.found(order)
      begun.append((found, found.peak <= budget))
    }
    begun.sort { ($0.fits ? $0.found.cost : .max) < ($1.fits ? $1.found.cost : .max) }
    return begun.map(\.found.order)
  }

  /// What `moccasin` finds, on graphs that are not too large; `nil` where that does not fit.
  private mutating func searchAlone() throws(ScheduleError) -> RetentionSearch.Found? {
    guard table.count <= Self.mostStepsForMoccasin else { return nil }
    let points = try RetentionLevels.plans(of: workload, table).points
    least = min(least, points[0].peak)
    return points.last { $0.peak <= budget }.map {
      .init(order: $0.plan, peak: $0.peak, cost: $0.cost)
    }
  }

  /// The cheapest list of boundaries that keeps the budget, where it costs less than what is known.
  private mutating func cheapestList(
    below cost: Int?
  ) throws(ScheduleError) -> RetentionSearch.Found? {
    var best: RetentionSearch.Found?
    for chain in portfolio.chains {
      let most = (best?.cost ?? cost).map { $0 - portfolio.plainCost } ?? .max
      try BoundaryLists(chain, table).forEach(below: most) { (order) throws(ScheduleError) in
        let found = try search.found(order)
        guard found.peak <= budget else { return true }
        best = found
        return false
      }
    }
    return best
  }

  /// The lowest peak there is by evictions from the portfolio's lowest, whatever the budget; an
  /// order that keeps it, or `nil` with `least` set.
  private mutating func descent() throws(ScheduleError) -> RetentionSearch.Found? {
    let lowest = portfolio.frontier.points[0].plan
    least = lowest.peak
    guard var order = try lowest.plan.order() else { return nil }
    var stride = max(1, least / 16)
    while least > budget {
      var lower = RetentionSearch(
        workload, table, budget: least - stride, mostWork: workOfBeginnings / 16)
      if let found = try lower.lower(order) {
        (order, least) = (found.order, found.peak)
      } else if stride == 1 {
        return nil
      } else {
        stride = max(1, stride / 4)
      }
    }
    return try search.found(order)
  }
}
