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

  /// What a strategy plans, and what strategies found out about it. Throws only `.cancelled`.
  func lowering(
    for strategy: any Strategy
  ) throws(ScheduleError) -> (lowering: Lowering, memo: Planning.Memo) {
    if lowering.isFused, try strategy.speaksOfOperations(in: lowering.workload) {
      return (operations, ownMemo)
    }
    return (lowering, memo)
  }
}
