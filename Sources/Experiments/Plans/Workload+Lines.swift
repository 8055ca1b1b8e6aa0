package import Schedules

extension Workload {
  /// The line of source behind an action; 0 where there is none.
  package func line(of action: Schedule.Action) -> Int {
    switch action {
    case .compute(let step, _), .free(let step), .offload(let step), .fetch(let step):
      steps[step].line
    }
  }
}
