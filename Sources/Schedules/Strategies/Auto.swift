/// The cheapest plan of all strategies that fits a budget, chosen by rehearsal; of equals the one
/// of lowest peak.
///
/// Tried are keep_all, marked, keep_none, every, sqrt_n, bisect, revolve, mixed and optimal over
/// layers and over operations, and dtr on graphs of up to 3,000 steps. Not tried are the policies,
/// which need names, the strategies with a slower tier, whose price is not in FLOPs, and exact.
package struct Auto: Strategy {
  /// Bytes; `nil` stands for the session's budget, and for no bound where it has none.
  package let budget: Int?

  /// Plans within this budget, in bytes; `nil` for the session's.
  package init(budget: Int?) { self.budget = budget }

  /// `auto(budget: 256 KiB)`; `auto` where it takes the session's budget.
  package var spelling: String {
    Spelling.call("auto", budget.map { ["budget: \(Spelling.bytes($0))"] } ?? [])
  }

  package var askedBudget: Int? { budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Auto(budget: surroundings.room(of: budget))
  }

  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let portfolio = try Portfolio(workload, table, first: .layers)
    let best = try BudgetedPlan.find(workload, table, portfolio, budget: budget ?? .max)
    var schedule = try best.plan.schedule(for: workload)
    schedule.note = .chose(best.spelling ?? Spelling.call("optimal", []))
    return schedule
  }
}

extension Auto {
  /// What the catalogue says of `auto`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "auto",
    options: [
      .init(
        "budget", .bytes,
        "Most bytes live at once, backward pass included; the session's budget where it is left "
          + "out.",
        isRequired: false)
    ],
    summary: "The cheapest of all strategies that fits the budget, chosen by rehearsal.",
    details: """
      Rehearses keep_all, marked, keep_none, every, sqrt_n, bisect, revolve, mixed, optimal and \
      dtr, over layers and over operations, and takes the one with the fewest FLOPs whose peak \
      fits; of equals the one of lowest peak. Its note says which it was. optimal is tried with at \
      most 128 stages and 200 levels, so that a plan takes a second or two; optimal itself may \
      find a cheaper one. The policies, the slower tier and exact are not tried.
      """,
    source: "the strategies it chooses from",
    example: "gradient wrt net with auto(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    Auto(budget: options["budget"] == nil ? nil : try OptionReader(options).bytes("budget"))
  }
}
