/// The optimum over the whole graph, for small graphs, by a search with a proof.
///
/// The problem is that of Checkmate (Jain et al. 2020, section 4): steps run for the first time in
/// the order of the graph, and any forward value may be evicted and computed again at any time.
/// `GraphSearch` solves it instead of a MILP.
package struct Exact: Strategy {
  /// Bytes.
  package let budget: Int
  /// Most states that one search may hold.
  package let states: Int

  /// States held unless told otherwise: about 150 bytes each.
  package static let defaultStates = 500_000

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
    let most = SearchGraph.mostSteps
    guard table.count <= most else { throw .limit(.stepsOfExact(most)) }
    guard table.valueCount <= most else { throw .limit(.valuesOfExact(most)) }
    let search = GraphSearch(workload, table)
    let (other, found) = try other(workload)
    let answer = try search.cheapest(
      budget: budget, below: other?.rehearsal.replayedCost, mostStates: states)
    if answer.isProven {
      if let order = answer.order, let cost = answer.cost {
        return try lowest(order, cost, workload, search)
      }
      if let other { return try lowest(other, workload, search) }
      let (least, isProven) = try least(search, table, below: found)
      throw .impossible(budget: budget, least: least, isProven: isProven)
    }
    guard
      var schedule = try answer.order.map({ order throws(ScheduleError) in
        Schedule(actions: try Liveness.schedule(order, in: workload))
      }) ?? other?.schedule
    else { throw .limit(.statesOfExact(states)) }
    let rehearsal = try Rehearsal.of(schedule, workload)
    let total = rehearsal.forwardCost + rehearsal.replayedCost + rehearsal.backwardCost
    let bound = min(answer.bound ?? 0, rehearsal.replayedCost)
    let gap = rehearsal.replayedCost - bound
    schedule.note = .notProvenOptimal(
      states: states, replayedCost: rehearsal.replayedCost, bound: bound,
      gap: total == 0 ? 0 : Double(gap) / Double(total))
    return schedule
  }

  /// The best plan of the other strategies, which `optimal` gives; where none fits, the lowest peak
  /// that it found.
  private func other(
    _ workload: Workload
  ) throws(ScheduleError) -> (
    plan: (schedule: Schedule, rehearsal: Rehearsal)?, lowest: Int?
  ) {
    do {
      let schedule = try Optimal(budget: budget).schedule(workload)
      return ((schedule, try Rehearsal.of(schedule, workload)), nil)
    } catch {
      if case .impossible(_, let least, _) = error { return (nil, least) }
      throw error
    }
  }

  /// The lowest peak of the proven cost, so that a tighter budget never peaks higher: from an order
  /// that the search found.
  private func lowest(
    _ order: [Int], _ cost: Int, _ workload: Workload, _ search: GraphSearch
  ) throws(ScheduleError) -> Schedule {
    let peak = try Liveness.peak(order, search.graph.table)
    let lower = try lower(than: peak, cost, search)
    return Schedule(
      actions: try Liveness.schedule(lower ?? order, in: workload),
      note: .provenOptimal(replayedCost: cost))
  }

  /// The same from a plan of another strategy, which the search found nothing cheaper than.
  private func lowest(
    _ other: (schedule: Schedule, rehearsal: Rehearsal), _ workload: Workload,
    _ search: GraphSearch
  ) throws(ScheduleError) -> Schedule {
    let cost = other.rehearsal.replayedCost
    var schedule = other.schedule
    if let order = try lower(than: other.rehearsal.peak, cost, search) {
      schedule = Schedule(actions: try Liveness.schedule(order, in: workload))
    }
    schedule.note = .provenOptimal(replayedCost: cost)
    return schedule
  }

  /// The order of lowest peak below `peak` whose replays cost `cost` FLOPs, as far as the states
  /// reach; `nil` for none.
  private func lower(
    than peak: Int, _ cost: Int, _ search: GraphSearch
  ) throws(ScheduleError) -> [Int]? {
    var (peak, left) = (peak, states)
    var lowest: [Int]?
    while peak > 0, left > 0 {
      let answer = try search.cheapest(budget: peak - 1, below: cost + 1, mostStates: left)
      guard let order = answer.order else { break }
      lowest = order
      peak = try Liveness.peak(order, search.graph.table)
      left -= answer.states
    }
    return lowest
  }

  /// States that each step of the search for the least budget may hold: there are some twenty.
  private static let mostStatesForLeast = 2_000

  /// The lowest budget found to have a plan, by bisection, and whether every budget below it was
  /// searched to the end in vain.
  private func least(
    _ search: GraphSearch, _ table: StepTable, below found: Int?
  ) throws(ScheduleError) -> (least: Int, isProven: Bool) {
    var high = try Liveness.peak(Array(0..<table.count), table)
    if let found { high = min(high, found) }
    var low = min(high, search.leastBudget)
    var isProven = true
    while low < high {
      let middle = (low + high) / 2
      let answer = try search.any(budget: middle, mostStates: min(states, Self.mostStatesForLeast))
      if let order = answer.order {
        high = min(middle, try Liveness.peak(order, table))
      } else {
        low = middle + 1
        isProven = isProven && answer.isProven
      }
    }
    return (high, isProven)
  }
}

extension Exact {
  /// What the catalogue says of `exact`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "exact",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .init(
        "states", .integer,
        "Most states that the search may hold, about 150 bytes each; 500,000.", isRequired: false),
    ],
    summary: "The fewest replayed FLOPs over the whole graph, proven, for small graphs.",
    details: """
      Optimal among all schedules that first run the steps in the order of the graph, run backward \
      steps once and recompute any forward values at any time, in-place reuse and scratch \
      included; where another strategy's plan in another order of the steps is cheaper, it is that \
      one. Takes graphs of up to 256 steps and 256 values. On 20 random nets of 37 to 56 steps \
      with skips it proved every plan at 75 and 50 % between the least and the most, mostly in \
      under a second and always in under ten; with states: 5_000 it proved 379 plans of 200 random \
      nets under 800 budgets (make survey). Blocks of equal layers, whose plans differ little, are \
      harder. The search ends at a number of states, which takes about 75 MB and less than a \
      minute: the best plan found then, by it or by another strategy, is given, and the note says \
      what is proven and how large the gap may be.
      """,
    source: "Jain et al. 2020, Checkmate, section 4; solved by an A* search of our own",
    facts: .init(
      subject: .graph, guarantee: "fewest FLOPs, proven on small graphs",
      planning: "exponential, with a limit",
      paper: "Jain et al. 2020"),
    example: "gradient wrt net with exact(budget: 16 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try Exact(
      budget: try reader.bytes("budget"),
      states: try reader.integer("states", default: defaultStates))
  }
}
