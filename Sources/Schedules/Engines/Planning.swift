/// A request from outside that planning stop: strategies ask at points of the loops that may take
/// seconds.
package enum Planning {
  /// Who is asked whether the planning is to stop. A type of its own: a bare function as a task's
  /// value crashes in optimized builds (Swift 6.3).
  package struct Listener: Sendable {
    let isCancelled: @Sendable () -> Bool

    package init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }
  }

  /// Set around planning with `$listener.withValue`.
  @TaskLocal package static var listener = Listener { false }

  /// Throws `.cancelled` where the planning is to stop.
  package static func checkCancellation() throws(ScheduleError) {
    if listener.isCancelled() { throw .cancelled }
  }
}
