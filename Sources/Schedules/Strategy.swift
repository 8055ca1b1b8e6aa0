/// A function from a workload, and the strategy's options, to a schedule.
package protocol Strategy: Sendable {
  /// The call that makes it, as a learner writes it: `revolve(slots: 3)`.
  var spelling: String { get }

  /// Plans the workload. Throws `ScheduleError` where no schedule fits or an option is out of range.
  func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule
}
