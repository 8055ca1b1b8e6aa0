import Execution
import Schedules

/// A block as strategies plan it: with steps of several operations, where those may be computed as
/// one, or with a step for each.
package final class Subject {
  /// With steps of several operations where fusion is on.
  let lowering: Lowering
  private let memo = Planning.Memo()
  private var made: Lowering?
  private let ownMemo = Planning.Memo()

  /// `lowering` is that of the session's setting.
  init(_ lowering: Lowering) { self.lowering = lowering }

  /// With a step for each operation.
  var operations: Lowering {
    if let made { return made }
    let unfused = lowering.isFused ? lowering.unfused : lowering
    made = unfused
    return unfused
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
    if try own.speaksOfOperations(in: lowering.workload) {
      return try planned(operations, ownMemo, own)
    }
    do throws(ScheduleError) {
      return try planned(lowering, memo, own)
    } catch {
      guard case .impossible = error else { throw error }
      return try planned(operations, ownMemo, own)
    }
  }

  /// A schedule with what it is of.
  struct Planned {
    let lowering: Lowering
    let schedule: Schedule
    let rehearsal: Rehearsal
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
