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

  /// Most steps of a graph on which dtr is tried.
  static let mostStepsForDTR = 3000

  private enum Plan {
    case strategy(any Strategy)
    case chain(Chain, [ChainAction], String)
    case order([Int], String)
  }

  /// The cheapest plan that fits, with a note of whose it is. Throws `.impossible` with the lowest
  /// peak of all that were tried.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let budget = budget ?? .max
    var frontier = try Self.frontier(workload, table)
    var least: Int?
    if table.count <= Self.mostStepsForDTR {
      do {
        let order = try DTR.order(table, budget: budget, .hDTR)
        let (peak, cost) = try Liveness.measure(order, table)
        frontier.add(peak: peak, cost: cost, .order(order, "dtr"))
      } catch {
        if case .cancelled = error { throw error }
        if case .impossible(_, let reached, _) = error { least = reached }
      }
    }
    let plan: Plan
    do {
      plan = try frontier.cheapest(within: budget)
    } catch {
      guard case .impossible(_, let reached, _) = error, let least else { throw error }
      throw .impossible(budget: budget, least: min(reached, least), isProven: false)
    }
    switch plan {
    case .strategy(let strategy):
      var schedule = try strategy.schedule(workload)
      schedule.note = .chose(strategy.spelling)
      return schedule
    case .chain(let chain, let actions, let name):
      var schedule = try ChainPlan(chain: chain, actions: actions).schedule(for: workload)
      schedule.note = .chose(name)
      return schedule
    case .order(let order, let name):
      return Schedule(
        actions: try Liveness.schedule(order, in: workload), note: .chose(name))
    }
  }

  /// The plans that do not depend on the budget.
  private static func frontier(
    _ workload: Workload, _ table: StepTable
  ) throws(ScheduleError) -> Frontier<Plan> {
    var frontier = Frontier<Plan>()
    let plain = try Liveness.measure(Array(0..<table.count), table)
    frontier.add(peak: plain.peak, cost: plain.cost, .strategy(KeepAll()))
    if !workload.regions.isEmpty {
      let rehearsal = try Rehearsal.of(Marked().schedule(workload), workload)
      frontier.add(
        peak: rehearsal.peak,
        cost: rehearsal.forwardCost + rehearsal.replayedCost + rehearsal.backwardCost,
        .strategy(Marked()))
    }
    var last: Chain?
    for cut in Chain.Cut.allCases {
      guard let chain = try Chain.find(in: workload, cut: cut), chain != last else { continue }
      last = chain
      for strategy in strategies(chain, cut) {
        try Planning.checkCancellation()
        let actions: [ChainAction]
        do {
          actions = try strategy.actions(for: chain)
        } catch {
          if case .cancelled = error { throw error }
          // Too long a plan is no candidate.
          continue
        }
        guard let computes = try ChainPlan(chain: chain, actions: actions).computes() else {
          continue
        }
        let (peak, cost) = try Liveness.measure(computes, table)
        frontier.add(peak: peak, cost: cost, .chain(chain, actions, strategy.spelling))
      }
      let name = "optimal" + (cut == .layers ? "" : ", stages: operations")
      let optimal = try Optimal.frontier(chain, table, mostStages: 128, mostLevels: 200)
      for point in optimal.points {
        guard let actions = point.plan else { continue }
        frontier.add(peak: point.peak, cost: point.cost, .chain(chain, actions, name))
      }
    }
    return frontier
  }

  /// The strategies tried on a chain, those that are easier to follow first.
  private static func strategies(_ chain: Chain, _ cut: Chain.Cut) -> [any ChainStrategy] {
    var strategies: [any ChainStrategy] = [SqrtN(cut: cut), Bisect(cut: cut)]
    if chain.length <= 256 { strategies.append(KeepNone(cut: cut)) }
    for k in 1...8 {
      if let every = try? Every(k, cut: cut) { strategies.append(every) }
    }
    for slots in 1...16 where slots < max(2, chain.length) {
      if let revolve = try? Revolve(slots: slots, cut: cut) { strategies.append(revolve) }
      guard chain.length <= 512 else { continue }
      if let mixed = try? Mixed(slots: slots, cut: cut) { strategies.append(mixed) }
    }
    return strategies
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
