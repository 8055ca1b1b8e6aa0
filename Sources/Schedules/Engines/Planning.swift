/// A request from outside that planning stop: strategies, and what makes a plan ready to run, ask
/// at points of the loops that may take seconds.
package enum Planning {
  /// Who is asked whether the planning is to stop. A type of its own: a bare function as a task's
  /// value crashes in optimized builds (Swift 6.3).
  package struct Listener: Sendable {
    /// True once the planning is to stop; called from the thread that plans, many times.
    let isCancelled: @Sendable () -> Bool

    /// A listener that asks this function.
    package init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }
  }

  /// Set around planning with `$listener.withValue`.
  @TaskLocal package static var listener = Listener { false }

  /// Counts work in an inner loop, and asks once in a while.
  struct Pace {
    /// Units of work between two questions: some hundredths of a second even without optimization.
    static let interval = 1 << 16
    private var left = Pace.interval

    /// Counts so many units of work; throws `.cancelled` where the planning is to stop.
    @inline(__always)
    mutating func count(_ work: Int) throws(ScheduleError) {
      left -= work
      if left <= 0 {
        left = Pace.interval
        try Planning.checkCancellation()
      }
    }
  }

  /// True where the planning is to stop.
  package static var isCancelled: Bool { listener.isCancelled() }

  /// Throws `.cancelled` where the planning is to stop.
  package static func checkCancellation() throws(ScheduleError) {
    if isCancelled { throw .cancelled }
  }

  /// What `plan` gives; `nil` where it refuses. Throws `.cancelled` where the planning is to stop.
  static func unlessRefused<Result>(
    _ plan: () throws(ScheduleError) -> Result
  ) throws(ScheduleError) -> Result? {
    do { return try plan() } catch {
      if case .cancelled = error { throw error }
      return nil
    }
  }
}
