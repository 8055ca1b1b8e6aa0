import Execution
import Schedules

/// A block as strategies plan it: with steps of several operations, where those may be computed as
/// one, or with a step for each.
package final class Subject {
  /// With steps of several operations where fusion is on.
  let lowering: Lowering
  private let memo = Planning.Memo()
  /// With a step for each operation, once a strategy has planned that.
  private var operations: Lowering?
  private let operationsMemo = Planning.Memo()
  /// Do steps of several operations make the stages that single ones make? `nil` where nobody has
  /// asked yet.
  private var hasSameStages: Bool?

  /// `lowering` is that of the session's setting.
  init(_ lowering: Lowering) { self.lowering = lowering }

  /// What strategies may plan: the steps, and the operations where these are others.
  var workloads: [Workload] {
    lowering.isFused ? [lowering.workload, unfused.workload] : [lowering.workload]
  }

  /// With a step for each operation, made when first asked for.
  private var unfused: Lowering {
    let made = operations ?? lowering.unfused
    operations = made
    return made
  }

  /// A strategy's schedule, its rehearsal, and what it planned.
  ///
  /// A step of several operations needs what they all read at once: where a budget has no room for
  /// that, a strategy plans the operations.
  func planned(
    by strategy: any Strategy, beside surroundings: Surroundings
  ) throws(ScheduleError) -> Planned {
    let own = strategy.beside(surroundings)
    guard lowering.isFused else { return try planned(lowering, memo, own) }
    switch own.subject {
    case .steps: break
    case .stages: if try !stagesAgree() { return try plannedOperations(own) }
    case .operations: return try plannedOperations(own)
    }
    do throws(ScheduleError) {
      return try planned(lowering, memo, own)
    } catch {
      guard case .impossible = error else { throw error }
      return try plannedOperations(own)
    }
  }

  /// A schedule with what it is of.
  struct Planned {
    let lowering: Lowering
    let schedule: Schedule
    let rehearsal: Rehearsal
  }

  private func plannedOperations(
    _ strategy: any Strategy
  ) throws(ScheduleError) -> Planned {
    try planned(unfused, operationsMemo, strategy)
  }

  private func stagesAgree() throws(ScheduleError) -> Bool {
    if let hasSameStages { return hasSameStages }
    let found = try lowering.keepsStages
    hasSameStages = found
    return found
  }

  private func planned(
    _ lowering: Lowering, _ memo: Planning.Memo, _ strategy: any Strategy
  ) throws(ScheduleError) -> Planned {
    let schedule = try Planning.remembering(memo) { () throws(ScheduleError) in
      try strategy.schedule(lowering.workload)
    }
    return Planned(
      lowering: lowering, schedule: schedule,
      rehearsal: try Rehearsal.of(schedule, lowering.workload))
  }
}
