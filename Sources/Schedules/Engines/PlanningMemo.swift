extension Planning {
  /// What strategies found out about one workload, for the next that plans it: plans that do not
  /// depend on a budget, and the best for a budget. What is found is the same with it and without.
  ///
  /// It belongs to the thread that plans.
  package final class Memo: @unchecked Sendable {
    /// What is found once for a workload.
    enum Key: Hashable {
      /// The plans of `RetentionLevels`, with a price of transfers or without.
      case levels(transfer: Double?)
      /// The `Portfolio` whose chain is first cut so.
      case portfolio(Chain.Cut)
      /// The `BudgetedPlan` of that portfolio within so many bytes.
      case budgeted(Chain.Cut, budget: Int)
    }

    private var steps: [Step]?
    private var found: [Key: Any] = [:]

    /// Nothing is known yet; it is about the first workload that is asked about.
    package init() {}

    /// What is known, or what `find` gives, which is known from then on.
    fileprivate func value<Value>(
      _ key: Key, of workload: Workload, _ find: () throws(ScheduleError) -> Value
    ) throws(ScheduleError) -> Value {
      if steps == nil { steps = workload.steps }
      guard let steps, Self.areOne(steps, workload.steps) else { return try find() }
      if let known = found[key] as? Value { return known }
      let value = try find()
      found[key] = value
      return value
    }

    /// True where two lists of steps are one in memory.
    private static func areOne(_ first: [Step], _ second: [Step]) -> Bool {
      first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer {
          first.count == $0.count && first.baseAddress == $0.baseAddress
        }
      }
    }
  }

  /// Set around the planning of one workload by several strategies; `nil` for none.
  @TaskLocal package static var memo: Memo?

  /// Plans with what strategies found out about the workload before.
  package static func remembering<Result, Failure: Error>(
    _ memo: Memo, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = $memo.withValue(memo) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// What the memo has for a key, or what `find` gives.
  static func once<Value>(
    _ key: Memo.Key, of workload: Workload, _ find: () throws(ScheduleError) -> Value
  ) throws(ScheduleError) -> Value {
    guard let memo else { return try find() }
    return try memo.value(key, of: workload, find)
  }
}
