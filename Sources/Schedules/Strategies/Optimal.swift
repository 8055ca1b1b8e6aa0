/// The cheapest plan found under a budget in bytes, on any graph.
///
/// Begins with the plans of a `Portfolio`, of `dtr`, of `moccasin`, and of every list of boundaries
/// of a short chain; `RetentionSearch` then looks, from these and from the plain run, for cheaper
/// ones. Each plan is measured on the workload itself, byte by byte with scratch, adjoints and
/// gradients.
package struct Optimal: Strategy {
  /// Bytes of the schedule, at most, at once.
  package let budget: Int
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Plans within this budget, in bytes.
  package init(budget: Int, cut: Chain.Cut = .layers) {
    self.budget = budget
    self.cut = cut
  }

  package var spelling: String {
    Spelling.call("optimal", ["budget: \(Spelling.bytes(budget))"], cut: cut)
  }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package var subject: StrategySubject { cut == .operations ? .operations : .steps }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Optimal(budget: surroundings.room(of: budget), cut: cut)
  }

  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let portfolio = try Portfolio.of(workload, table, first: cut)
    let plan = try BudgetedPlan.find(workload, table, portfolio, budget: budget)
    var schedule = try plan.plan.schedule(for: workload)
    schedule.note = try note(workload, table, replayedCost: plan.cost - portfolio.plainCost)
    return schedule
  }

  /// Steps of the largest graph for which a bound is looked for, and states of that search.
  private static let (mostSteps, mostStates) = (60, 2_000)

  /// How far from the optimum the plan may be; `nil` where that is not known.
  private func note(
    _ workload: Workload, _ table: StepTable, replayedCost: Int
  ) throws(ScheduleError) -> Schedule.Note? {
    if replayedCost == 0 { return .provenOptimal(replayedCost: 0) }
    guard max(table.count, table.valueCount) <= Self.mostSteps else { return nil }
    let answer = try GraphSearch(workload, table).cheapest(
      budget: budget, below: replayedCost, mostStates: Self.mostStates)
    if answer.isProven, answer.order == nil { return .provenOptimal(replayedCost: replayedCost) }
    return answer.bound.map { .bounded(replayedCost: replayedCost, bound: min($0, replayedCost)) }
  }
}

extension Optimal {
  /// What the catalogue says of `optimal`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "optimal",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .stages,
    ],
    summary: "The cheapest plan found for any graph whose peak fits a budget.",
    details: """
      Never dearer than keep_all, marked, sqrt_n or bisect where they peak within the budget, \
      whichever the cut; nor than every, revolve or mixed with any number, on chains of up to 64 \
      stages; nor than dtr, moccasin or twremat, on graphs of up to 400 steps; nor than any list \
      of boundaries, on chains of up to 14 stages: all of these are tried. From them and from the \
      plain run a local search goes on: it lets values go where they lie idle over the peak and \
      computes them again before their next use, takes out replays that there is room for, and \
      exchanges one for another. On graphs of up to 150 steps its cost falls as the budget rises, \
      always; on those of up to 60 its note says how many FLOPs are proven to be needed in the \
      order of the graph. On 200 random nets under 800 budgets (make survey) no other strategy was \
      cheaper, no higher budget dearer, and it equals all 379 optima that exact proved. stages \
      says whose verbs show a plan that is one of a chain, where both cuts give an equal one.
      """,
    source: """
      Bartan et al. 2023, Moccasin, section 3 (retention intervals); Beaumont et al. 2019, Optimal \
      checkpointing for heterogeneous chains (rotor), equation (1)
      """,
    facts: .init(
      subject: .graph, guarantee: "never dearer than those it tries",
      planning: "a limit of work",
      paper: "Bartan et al. 2023"),
    example: "gradient wrt net with optimal(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return Optimal(budget: try reader.bytes("budget"), cut: try reader.cut())
  }
}
