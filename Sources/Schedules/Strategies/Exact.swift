/// The optimum over the whole graph, for small graphs, by a search with a proof.
///
/// The problem is that of Checkmate (Jain et al. 2020, section 4): steps run for the first time in
/// the order of the graph, and any forward value may be evicted and computed again at any time.
/// `GraphSearch` solves it instead of a MILP.
package struct Exact: Strategy {
  /// Bytes of the schedule, at most, at once.
  package let budget: Int
  /// Most states that one search may hold.
  package let states: Int

  /// States held unless told otherwise: about 20 MB.
  package static let defaultStates = 100_000

  /// Throws `.option` unless `states` is at least 1.
  package init(budget: Int, states: Int = defaultStates) throws(ScheduleError) {
    guard states >= 1 else {
      throw .option(name: "states", expected: .atLeast(1), found: .count(states))
    }
    self.init(budget: budget, checked: states)
  }

  private init(budget: Int, checked states: Int) {
    self.budget = budget
    self.states = states
  }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Exact(budget: surroundings.room(of: budget), checked: states)
  }

  /// `exact(budget: 16 KiB)`; the states only where they are not the default.
  package var spelling: String {
    Spelling.call(
      "exact",
      ["budget: \(Spelling.bytes(budget))"]
        + (states == Self.defaultStates ? [] : ["states: \(states)"]))
  }

  /// The cheapest schedule within the budget, with a note that it is proven; where the search held
  /// too many states, the best of the other strategies, with a note of the gap.
  ///
  /// Throws `.limit` for a graph of more than 256 steps or values, and where the search ended and
  /// no other strategy fits; `.impossible` where no schedule fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    guard max(table.count, table.valueCount) <= GraphSearch.mostSteps else {
      throw .limit(.stepsOfExact(GraphSearch.mostSteps))
    }
    let search = GraphSearch(workload, table)
    switch try search.search(budget: budget, mostStates: states) {
    case .found(var order, let cost):
      // Of equal cost, the lowest peak: so that a tighter budget never peaks higher.
      var peak = try Liveness.peak(order, table)
      while peak > 0,
        case .found(let lower, _) = try search.search(
          budget: peak - 1, mostCost: cost, mostStates: states)
      {
        order = lower
        peak = try Liveness.peak(order, table)
      }
      return Schedule(
        actions: try Liveness.schedule(order, in: workload),
        note: .provenOptimal(replayedCost: cost))
    case .exhausted:
      let (least, isProven) = try least(search, table)
      throw .impossible(budget: budget, least: least, isProven: isProven)
    case .stopped(let bound):
      return try best(workload, table, bound: bound)
    }
  }

  /// The lowest budget found to have a plan, by bisection, and whether every budget below it was
  /// searched to the end in vain.
  private func least(
    _ search: GraphSearch, _ table: StepTable
  ) throws(ScheduleError) -> (least: Int, isProven: Bool) {
    var high = try Liveness.peak(Array(0..<table.count), table)
    var low = min(high, search.leastBudget)
    var isProven = true
    while low < high {
      let middle = (low + high) / 2
      switch try search.search(budget: middle, anyCost: true, mostStates: states) {
      case .found(let order, _): high = min(middle, try Liveness.peak(order, table))
      case .exhausted: low = middle + 1
      case .stopped:
        low = middle + 1
        isProven = false
      }
    }
    return (high, isProven)
  }

  /// The best plan of the other strategies, with the gap to the bound.
  private func best(
    _ workload: Workload, _ table: StepTable, bound: Int
  ) throws(ScheduleError) -> Schedule {
    var schedule: Schedule
    do {
      schedule = try Auto(budget: budget).schedule(workload)
    } catch {
      if case .cancelled = error { throw error }
      throw .limit(.statesOfExact(states))
    }
    let rehearsal = try Rehearsal.of(schedule, workload)
    let total = rehearsal.forwardCost + rehearsal.replayedCost + rehearsal.backwardCost
    let gap = max(0, rehearsal.replayedCost - bound)
    schedule.note = .notProvenOptimal(
      states: states, replayedCost: rehearsal.replayedCost, bound: bound,
      gap: total == 0 ? 0 : Double(gap) / Double(total))
    return schedule
  }
}

extension Exact {
  /// What the catalogue says of `exact`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "exact",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .init(
        "states", .integer, "Most states that the search may hold; 100,000.", isRequired: false),
    ],
    summary: "The fewest replayed FLOPs over the whole graph, proven, for small graphs.",
    details: """
      Optimal among all schedules that first run the steps in the order of the graph, run backward \
      steps once and recompute any forward values at any time, in-place reuse and scratch \
      included. Takes graphs of up to 256 steps; those of a few dozen are quick. When the limit of \
      states is reached, the best plan of the other strategies is given, and its note says how \
      large the gap may be.
      """,
    source: "Jain et al. 2020, Checkmate, section 4; solved by an A* search of our own",
    example: "gradient wrt net with exact(budget: 16 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try Exact(
      budget: try reader.bytes("budget"),
      states: try reader.integer("states", default: defaultStates))
  }
}
