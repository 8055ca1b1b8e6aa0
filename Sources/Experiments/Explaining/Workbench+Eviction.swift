import Schedules

extension Workbench {
  /// Forward steps of the longest block on which it is tried.
  private static let mostSteps = 2000

  /// A budget in bytes of all that is live, below a plan's peak, within which `dtr` has a schedule:
  /// whole KiB where they are below it; `nil` where none was found.
  package func evictingBudget(below plan: Plan) -> Int? {
    guard plan.workload.forwardCount <= Workbench.mostSteps else { return nil }
    let peak = plan.rehearsal.peak
    for room in [peak / 4 * 3, peak / 8 * 7, peak / 16 * 15] {
      // A budget that is refused is none; a request to stop is met by what runs next.
      guard let schedule = try? DTR(budget: room).schedule(plan.workload),
        let reached = try? Rehearsal.of(schedule, plan.workload).peak, reached < peak
      else { continue }
      let needed = reached + plan.base.total
      let whole = (needed + 1023) / 1024 * 1024
      return whole < peak + plan.base.total ? whole : needed
    }
    return nil
  }
}
