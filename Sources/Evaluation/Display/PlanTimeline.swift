package import Experiments
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
}

extension TimelinePlot.Moment {
  fileprivate init(_ bytes: Footprint) {
    self.init(
      kept: bytes.kept, replayed: bytes.replayed, adjoints: bytes.adjoints + bytes.gradients,
      forward: bytes.forward + bytes.workspace)
  }
}
