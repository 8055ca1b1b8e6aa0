package import Schedules

extension Workload {
  /// The line of source behind an action; 0 where there is none.
  package func line(of action: Schedule.Action) -> Int {
    steps[step(of: action)].line
  }
}
