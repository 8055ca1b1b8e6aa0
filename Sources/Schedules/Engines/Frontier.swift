import Algorithms

/// The plans that no other beats in both peak and cost, chosen from by a budget.
///
/// The candidates of a strategy do not depend on the budget; the choice is the cheapest that fits.
/// So a tighter budget never gives a higher peak, and the least budget is the lowest peak of all.
package struct Frontier<Plan> {
  /// By rising peak and falling cost.
  package private(set) var points: [(peak: Int, cost: Int, plan: Plan)] = []

  /// A frontier without a plan.
  package init() {}

  /// Adds a candidate, unless one is at least as good in both; drops those it beats. Of equals the
  /// first stays.
  package mutating func add(peak: Int, cost: Int, _ plan: @autoclosure () -> Plan) {
    let above = points.partitioningIndex { $0.peak > peak }
    if above > 0, points[above - 1].cost <= cost { return }
    let first = points.partitioningIndex { $0.peak >= peak }
    let end = points.partitioningIndex { $0.cost < cost }
    points.replaceSubrange(first..<max(first, end), with: [(peak, cost, plan())])
  }

  /// The cheapest plan whose peak fits. Throws `.impossible` with the lowest peak of all.
  package func cheapest(within budget: Int) throws(ScheduleError) -> Plan {
    let above = points.partitioningIndex { $0.peak > budget }
    guard above > 0 else {
      throw .impossible(budget: budget, least: points.first?.peak ?? 0, isProven: false)
    }
    return points[above - 1].plan
  }
}
