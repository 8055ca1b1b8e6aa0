/// The retention search from the plain run alone, level by level down to the lowest peak found.
enum RetentionLevels {
  /// Steps of the largest graph that is searched with most care.
  private static let mostStepsForCare = 500
  /// Steps that the search may pass over: for one beginning of a level of a small graph, for each
  /// step of a large one, and for all levels.
  private static let (workOfLevel, workPerStep, mostWork) = (500_000, 4000, 300_000_000)

  /// Orders of computing, from the plain one down to the lowest found: those that no other of them
  /// beats in both peak and cost, which counts transfers where the table has fetches.
  ///
  /// The levels follow from what was found and not from a budget: so a tighter budget never peaks
  /// higher, and never costs less.
  static func plans(
    of workload: Workload, _ table: StepTable
  ) throws(ScheduleError) -> Frontier<[Int]> {
    try Planning.once(.levels(transfer: table.transfer), of: workload) {
      () throws(ScheduleError) in
      try search(workload, table)
    }
  }

  private static func search(
    _ workload: Workload, _ table: StepTable
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
