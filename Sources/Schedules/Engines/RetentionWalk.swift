/// All plans of a small graph that a local search finds, from the plain run's peak down to the
/// lowest: first downwards, each level from the plain run and from the plan of the level above;
/// then upwards, each from the plan of the level below.
///
/// The levels follow from the plans found and not from a budget: so what is chosen from them costs
/// less as the budget rises, always.
struct RetentionWalk {
  private var levels: [(limit: Int, found: RetentionSearch.Found)] = []

  /// Steps of the largest graph that is walked.
  static let mostSteps = 150

  /// Parts of the range between the least and the highest peak that a level takes at the least.
  private static let mostLevels = 128
  /// Steps that may be passed over from each beginning of a level, and then to improve the best.
  private static let workOfBeginning = 1_000_000

  /// Walks all levels. Throws `.cancelled` where the planning is to stop.
  init(_ workload: Workload, _ table: StepTable, _ portfolio: Portfolio) throws(ScheduleError) {
    let points = portfolio.frontier.points
    let (least, most) = (points[0].peak, points[points.count - 1].peak)
    let plain = Array(0..<table.count)
    var search = RetentionSearch(workload, table, budget: most - 1, mostWork: 0)
    var last = plain
    while true {
      var beginnings = [plain, last]
      for point in points.prefix(while: { $0.peak <= search.budget }).suffix(2) {
        if let order = try point.plan.plan.order() { beginnings.append(order) }
      }
      guard let found = try Self.best(of: beginnings, &search) else { break }
      levels.append((search.budget, found))
      last = found.order
      search.budget = min(
        found.peak - 1, search.budget - max(1, (most - least) / Self.mostLevels))
    }
    for number in levels.indices.reversed() {
      search.budget = levels[number].limit
      if let found = try Self.best(of: [last], &search),
        (found.cost, found.peak) < (levels[number].found.cost, levels[number].found.peak)
      {
        levels[number].found = found
      }
      last = levels[number].found.order
    }
  }

  /// The cheapest order for the budget of the search that comes of one of several; `nil` where none
  /// gets there.
  private static func best(
    of beginnings: [[Int]], _ search: inout RetentionSearch
  ) throws(ScheduleError) -> RetentionSearch.Found? {
    guard let start = try search.cheapest(of: beginnings, work: workOfBeginning) else { return nil }
    search.mostWork = search.work + workOfBeginning
    return try search.settle(try search.improve(start))
  }

  /// The plans that no other beats in both peak and FLOPs.
  var frontier: Frontier<[Int]> {
    var frontier = Frontier<[Int]>()
    for level in levels {
      frontier.add(peak: level.found.peak, cost: level.found.cost, level.found.order)
    }
    return frontier
  }
}
