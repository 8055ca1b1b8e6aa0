package import Reports
import Schedules

extension Plan {
  /// Bytes over the schedule's actions; the title says whose they are, and what stands outside.
  package func timelineSubject(named name: String) -> TimelinePlot.Subject {
    let outside = base.total
    var title: RichText = "\(strong: name)  \(strategy)   peak \(bytes: peak)"
    if outside > 0 {
      title += ": \(bytes: rehearsal.peak) drawn, \(bytes: outside) outside the schedule"
    }
    return TimelinePlot.Subject(
      title: title, moments: rehearsal.timeline.map { TimelinePlot.Moment($0.during) },
      peakAction: rehearsal.peakAction, turn: turn)
  }

  /// The action with which the backward pass begins; `nil` where there is none.
  package var turn: Int? {
    schedule.actions.firstIndex { action in
      if case .compute(let step, _) = action, workload.steps.indices.contains(step) {
        return workload.steps[step].phase != .forward
      }
      return false
    }
  }
}

extension TimelinePlot.Moment {
  fileprivate init(_ bytes: Footprint) {
    self.init(
      kept: bytes.kept, replayed: bytes.replayed, adjoints: bytes.adjoints + bytes.gradients,
      forward: bytes.forward + bytes.workspace)
  }
}
