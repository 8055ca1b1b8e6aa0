/// The cheapest plan found for a heterogeneous chain under a budget in bytes.
///
/// Candidates are the plans of `ChainRecurrence` for every level of memory, and those of the
/// closed-form strategies. Each is measured on the workload itself, byte by byte with scratch,
/// adjoints and gradients, and the cheapest whose measured peak fits is taken.
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

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Optimal(budget: surroundings.room(of: budget), cut: cut)
  }

  /// Throws `.impossible` with the lowest peak of all plans, where none fits.
  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let portfolio = try Portfolio(workload, table, first: cut)
    return try BudgetedPlan.find(workload, table, portfolio, budget: budget).plan.schedule(for: workload)
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
    summary: "The cheapest plan for a chain of unequal stages whose peak fits a budget.",
    details: """
      Optimal among plans that, segment by segment, record a stage, or keep a boundary and come \
      back for what lies before it, or record a stage and rebuild its input later, at the \
      resolution of the table. Never worse than rotor's recurrence at that resolution, nor than \
      every, sqrt_n or revolve. The resolution is exact where the sizes share a divisor that goes \
      into the plain peak at most 1000 times (fewer for more than 141 stages: 20 000 000 / \
      stages², at least 100), and else that part of the peak, and four times as fine for its \
      lowest quarter; chains of more than 320 stages are planned in 320 groups. Whatever the table \
      rounds, each plan's peak is then measured in exact bytes, so no budget is ever exceeded. The \
      optimum over the whole graph, exact, can be lower: on random chains of 5 to 12 stages the \
      two agreed in 186 of 214 cases, and differed by 0.7 % of the FLOPs over all.
      """,
    source:
      "Beaumont et al. 2019, Optimal checkpointing for heterogeneous chains (rotor), equation (1)",
    example: "gradient wrt net with optimal(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return Optimal(budget: try reader.bytes("budget"), cut: try reader.cut())
  }
}
