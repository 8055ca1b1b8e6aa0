/// The plans that no other beats in both peak and cost, chosen from by a budget.
///
/// The candidates of a strategy do not depend on the budget; the choice is the cheapest that fits and, of equals, the one of
/// lowest peak. So a tighter budget never gives a higher peak, and the least budget is the lowest peak of all.
package struct Frontier<Plan> {
  package private(set) var points: [(peak: Int, cost: Int, plan: Plan)] = []

  package init() {}

  /// Adds a candidate, unless one is at least as good in both; drops those it beats. Of equals the first stays.
  package mutating func add(peak: Int, cost: Int, _ plan: @autoclosure () -> Plan) {
    if points.contains(where: { $0.peak <= peak && $0.cost <= cost }) { return }
    points.removeAll { $0.peak >= peak && $0.cost >= cost }
    points.append((peak, cost, plan()))
  }

  /// The cheapest plan whose peak fits. Throws `.impossible` with the lowest peak of all.
  func cheapest(within budget: Int) throws(ScheduleError) -> Plan {
    var best: (peak: Int, cost: Int, plan: Plan)?
    for point in points where point.peak <= budget {
      if let known = best, (known.cost, known.peak) <= (point.cost, point.peak) { continue }
      best = point
    }
    guard let best else {
      throw .impossible(budget: budget, least: points.map(\.peak).min() ?? 0)
    }
    return best.plan
  }
}
