/// The cheapest plan found for any graph under a budget: the best of a portfolio, and what a local
/// search makes of several beginnings.
struct BudgetedPlan {
  /// The order of computing, or a plan of the portfolio where the search found none cheaper.
  let plan: Portfolio.Plan
  /// The call that gives it, where a strategy by itself does.
  let spelling: String?
  /// Bytes, and FLOPs of all that is computed.
  let peak: Int
  /// FLOPs of all that is computed.
  let cost: Int

  /// Finds it. Throws `.impossible` with the lowest peak found where nothing fits.
  static func find(
    _ workload: Workload, _ table: StepTable, _ portfolio: Portfolio, budget: Int
  ) throws(ScheduleError) -> BudgetedPlan {
    let known = portfolio.frontier.points
    let plain = known[known.count - 1]
    if plain.peak <= budget { return BudgetedPlan(plain.plan) }
    return try Planning.once(.budgeted(portfolio.first, budget: budget), of: workload) {
      () throws(ScheduleError) in
      try search(workload, table, portfolio, budget: budget)
    }
  }

  /// The same where the plain run does not fit.
  private static func search(
    _ workload: Workload, _ table: StepTable, _ portfolio: Portfolio, budget: Int
  ) throws(ScheduleError) -> BudgetedPlan {
    let known = portfolio.frontier.points
    var search = BudgetedSearch(workload, table, portfolio, budget: budget)
    let fitting = known.last { $0.peak <= budget }
    if let found = try search.best(), found.cost < fitting?.cost ?? .max {
      return BudgetedPlan(
        plan: .order(found.order), spelling: nil, peak: found.peak, cost: found.cost)
    }
    guard let fitting else {
      throw .impossible(budget: budget, least: search.least, isProven: false)
    }
    return BudgetedPlan(fitting.plan)
  }
}

extension BudgetedPlan {
  private init(_ entry: Portfolio.Entry) {
    plan = entry.plan
    spelling = entry.spelling
    peak = entry.peak
    cost = entry.cost
  }
}
