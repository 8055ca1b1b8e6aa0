/// Retention intervals, found by a local search from the plain run alone; works on any graph.
///
/// Bartan et al. 2023, Moccasin, section 3, where a constraint solver chooses, for each value, the
/// stretches of the run over which it is retained. Here `RetentionSearch` chooses them: it lowers
/// the plain run by evictions, the cheapest for the excess that each takes away, takes out the
/// replays that there is room for, and exchanges one for another. `optimal` does the same from many
/// more beginnings.
package struct Moccasin: Strategy {
  /// Bytes of the schedule, at most, at once.
  package let budget: Int

  /// Plans within this budget, in bytes.
  package init(budget: Int) { self.budget = budget }

  package var spelling: String { Spelling.call("moccasin", ["budget: \(Spelling.bytes(budget))"]) }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Moccasin(budget: surroundings.room(of: budget))
  }

  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let order = try Self.plans(of: workload, StepTable(workload)).cheapest(within: budget)
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }

  /// Steps of the largest graph that is searched with most care.
  private static let mostStepsForCare = 500
  /// Steps that the search may pass over: for one beginning of a level of a small graph, for each
  /// step of a large one, and for all levels.
  private static let (workOfLevel, workPerStep, mostWork) = (500_000, 4000, 300_000_000)

  /// Orders of computing, from the plain one down to the lowest found: those that no other of them
  /// beats in both peak and FLOPs.
  ///
  /// The levels follow from what was found and not from a budget: so a tighter budget never peaks
  /// higher, and never costs less.
  static func plans(
    of workload: Workload, _ table: StepTable
  ) throws(ScheduleError) -> Frontier<[Int]> {
    let plain = Array(0..<table.count)
    var search = RetentionSearch(workload, table, budget: .max, mostWork: 0)
    var last = try search.found(plain)
    var plans = Frontier<[Int]>()
    plans.add(peak: last.peak, cost: last.cost, plain)
    let isSmall = table.count <= mostStepsForCare
    if !isSmall { search.stepsPerEviction = 50 }
    let work = isSmall ? workOfLevel : workPerStep * table.count
    // A level lies below the last by this much.
    var stride = max(1, last.peak / (isSmall ? 64 : 16))
    while last.peak > 0, search.work < mostWork {
      search.budget = max(0, last.peak - stride)
      let beginnings = isSmall ? [last.order, plain] : [last.order]
      if let filled = try search.cheapest(of: beginnings, work: work) {
        search.mostWork = search.work + work
        let found = isSmall ? try search.improve(filled) : filled
        plans.add(peak: found.peak, cost: found.cost, found.order)
        last = found
      } else if stride > 1 {
        stride = max(1, stride / 4)
      } else {
        break
      }
    }
    return plans
  }
}

extension Moccasin {
  /// What the catalogue says of `moccasin`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "moccasin",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true)
    ],
    summary: "Retention intervals by a local search from the plain run; works on any graph.",
    details: """
      For each value it is decided over which stretches of the run it is retained. A value that \
      lies idle over the peak is let go and computed again before its next use, the one first that \
      costs least for the bytes it takes off the peak; replays that there is room for are taken \
      out, and one is exchanged for others where that is cheaper. The paper gives these decisions \
      to a constraint solver; here a search with a fixed limit of work makes them, the same on \
      every machine; on graphs of thousands of steps it ends before it is as low as it could be. \
      optimal does the same from many more beginnings, and is never dearer on graphs of up to 500 \
      steps.
      """,
    source: "Bartan et al. 2023, Moccasin: efficient tensor rematerialization, section 3",
    facts: .init(
      subject: .graph, guarantee: "none: a local search", planning: "a limit of work",
      paper: "Bartan et al. 2023"),
    example: "gradient wrt net with moccasin(budget: 64 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    Moccasin(budget: try OptionReader(options).bytes("budget"))
  }
}
