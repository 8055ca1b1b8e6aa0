/// The optimum over the whole graph, for small graphs, by a search with a proof.
///
/// The problem is that of Checkmate (Jain et al. 2020, section 4): steps run for the first time in the order of the graph, and any
/// forward value may be evicted and computed again at any time. `GraphSearch` solves it instead of a MILP.
package struct Exact: Strategy {
  package let budget: Int
  /// Time limit in seconds.
  package let seconds: Double

  package init(budget: Int, seconds: Double = 10) {
    self.budget = budget
    self.seconds = seconds
  }

  package var spelling: String {
    Spelling.call(
      "exact",
      ["budget: \(Spelling.bytes(budget))"] + (seconds == 10 ? [] : ["seconds: \(seconds)"]))
  }

  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    guard table.count <= GraphSearch.mostSteps else {
      throw .limit("exact plans graphs of up to \(GraphSearch.mostSteps) steps")
    }
    let deadline = ContinuousClock.now + .seconds(min(seconds, 1e6))
    let search = GraphSearch(workload, table)
    switch search.search(budget: budget, until: deadline) {
    case .found(var order, let cost):
      // Of equal cost, the lowest peak: so that a tighter budget never peaks higher.
      var peak = Liveness.peak(order, table)
      while peak > 0,
        case .found(let lower, _) = search.search(
          budget: peak - 1, mostCost: cost, until: deadline)
      {
        order = lower
        peak = Liveness.peak(order, table)
      }
      return Schedule(
        actions: Liveness.schedule(order, in: workload),
        note: "proven optimal: replays cost \(cost) FLOPs")
    case .exhausted:
      throw .impossible(budget: budget, least: Self.least(search, table, until: deadline))
    case .stopped(let bound):
      return try best(workload, table, bound: bound)
    }
  }

  /// The lowest budget with a plan, by bisection.
  private static func least(
    _ search: GraphSearch, _ table: StepTable, until deadline: ContinuousClock.Instant
  ) -> Int {
    var high = Liveness.peak(Array(0..<table.count), table)
    var low = min(high, search.leastBudget)
    while low < high {
      let middle = (low + high) / 2
      if case .found(let order, _) = search.search(
        budget: middle, anyCost: true, until: deadline)
      {
        high = min(middle, Liveness.peak(order, table))
      } else {
        low = middle + 1
      }
    }
    return high
  }

  /// The best plan of the other strategies, with the gap to the bound.
  private func best(
    _ workload: Workload, _ table: StepTable, bound: Int
  ) throws(ScheduleError) -> Schedule {
    var schedule: Schedule
    do {
      schedule = try Auto(budget: budget).schedule(workload)
    } catch {
      throw .limit("no plan found in \(seconds) seconds")
    }
    let rehearsal = try Rehearsal.of(schedule, workload)
    let total = rehearsal.forwardCost + rehearsal.replayedCost + rehearsal.backwardCost
    let gap = max(0, rehearsal.replayedCost - bound)
    let percent = total == 0 ? 0 : (Double(gap) / Double(total) * 1000).rounded(.down) / 10
    schedule.note =
      "not proven optimal: the search ended at its limit of \(seconds) seconds or "
      + "\(GraphSearch.mostStates) states; replays cost "
      + "\(rehearsal.replayedCost) FLOPs, at least \(bound) are needed: a gap of \(percent) % of all"
    return schedule
  }
}

extension Exact {
  static let entry = Catalogue.Entry(
    name: "exact",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .init("seconds", .number, "Time limit of the search; 10.", isRequired: false),
    ],
    summary: "The fewest replayed FLOPs over the whole graph, proven, for small graphs.",
    details: """
      Optimal among all schedules that first run the steps in the order of the graph, run backward steps once and \
      recompute any forward values at any time, in-place reuse and scratch included. Takes graphs of up to 256 steps; those of a few dozen are quick. When the \
      limit of time or of a million states is reached, the best plan of the other strategies is given, and its note says how large the gap may be.
      """,
    source: "Jain et al. 2020, Checkmate, section 4; solved by an A* search of our own",
    example: "gradient wrt net with exact(budget: 4 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return Exact(
      budget: try reader.bytes("budget"), seconds: try reader.number("seconds", default: 10))
  }
}
