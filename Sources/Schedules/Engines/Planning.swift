/// A request from outside that planning stop: strategies ask at points of the loops that may take
/// seconds.
package enum Planning {
  /// True once the planning is to stop; set around it with `$isCancelled.withValue`.
  @TaskLocal package static var isCancelled: @Sendable () -> Bool = { false }

  /// Throws `.cancelled` where the planning is to stop.
  package static func checkCancellation() throws(ScheduleError) {
    if isCancelled() { throw .cancelled }
  }
}
