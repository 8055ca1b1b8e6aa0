/// The cheapest plan of all strategies that fits a budget, chosen by rehearsal; of equals the one
/// that is easiest to follow, then the one of lowest peak.
///
/// Tried are all plans of a `Portfolio`, what `optimal` finds, `offload`, `poet`, and
/// `disk_revolve` with a few slots; bytes moved to the slower tier and back have a price in FLOPs.
/// Not tried is `exact`.
package struct Auto: Strategy {
  /// Bytes; `nil` stands for the session's budget, and for no bound where it has none.
  package let budget: Int?
  /// FLOPs that a byte moved to the slower tier, or back, is worth.
  package let transfer: Double

  /// FLOPs a byte, unless told otherwise.
  package static let defaultTransfer = 4.0

  /// Plans within this budget, in bytes; `nil` for the session's.
  package init(budget: Int?, transfer: Double = defaultTransfer) {
    self.budget = budget
    self.transfer = transfer
  }

  /// `auto(budget: 256 KiB)`; `auto` where it takes the session's budget.
  package var spelling: String {
    Spelling.call(
      "auto",
      (budget.map { ["budget: \(Spelling.bytes($0))"] } ?? [])
        + (transfer == Self.defaultTransfer ? [] : ["transfer: \(transfer)"]))
  }

  package var askedBudget: Int? { budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Auto(budget: surroundings.room(of: budget), transfer: transfer)
  }

  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let portfolio = try Portfolio.of(workload, table, first: .layers)
    let budget = budget ?? .max
    var best: (price: Double, schedule: Schedule)?
    var least = Int.max
    /// Keeps a plan that is cheaper than the best so far; notes how low one that is refused got.
    func consider(
      _ name: String, _ plan: () throws(ScheduleError) -> Schedule
    ) throws(ScheduleError) {
      var schedule: Schedule
      do { schedule = try plan() } catch {
        if case .cancelled = error { throw error }
        if case .impossible(_, let reached, _) = error { least = min(least, reached) }
        return
      }
      let rehearsal = try Rehearsal.of(schedule, workload)
      let price = rehearsal.price(transfer: transfer)
      guard rehearsal.peak <= budget, price < best?.price ?? .infinity else { return }
      schedule.note = .chose(name)
      best = (price, schedule)
    }
    var name = "optimal"
    try consider(name) { () throws(ScheduleError) in
      let plan = try BudgetedPlan.find(workload, table, portfolio, budget: budget)
      name = plan.spelling ?? name
      return try plan.plan.schedule(for: workload)
    }
    best?.schedule.note = .chose(name)
    for (name, strategy) in moving where best?.price != 0 {
      try consider(name) { () throws(ScheduleError) in
        try strategy.schedule(workload)
      }
    }
    guard let best else {
      throw .impossible(budget: budget, least: least, isProven: false)
    }
    return best.schedule
  }

  /// The strategies that move bytes, by their calls without the budget.
  private var moving: [(name: String, strategy: any Strategy)] {
    [
      ("offload", Offload(budget: budget ?? .max)),
      ("poet", POET(budget: budget ?? .max, transfer: transfer)),
    ]
      + [1, 2, 4, 8, 16].compactMap { slots in
        (try? DiskRevolve(slots: slots)).map { ($0.spelling, $0) }
      }
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
        isRequired: false),
      .init(
        "transfer", .number,
        "FLOPs that a byte moved to the slower tier, or back, is worth; 4.0.", isRequired: false),
    ],
    summary: "The cheapest of all strategies that fits the budget, chosen by rehearsal.",
    details: """
      Tries keep_all, marked, keep_none, every, sqrt_n, bisect, revolve and mixed over layers and \
      over operations, save_only for each operation, knapsack for each tenth, moccasin, twremat, \
      dtr, optimal, offload, poet and disk_revolve, and takes the plan of the least price that \
      peaks within the budget: its replayed FLOPs, and transfer FLOPs for each byte moved to the \
      slower tier or back. So it is never dearer than optimal. Its note says which it was. exact \
      is not tried.
      """,
    source: "the strategies it chooses from",
    facts: .init(
      subject: .graph, guarantee: "never dearer than optimal", planning: "what it tries",
      paper: "those it tries"),
    example: "gradient wrt net with auto(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return Auto(
      budget: options["budget"] == nil ? nil : try reader.bytes("budget"),
      transfer: try reader.number("transfer", default: defaultTransfer))
  }
}
