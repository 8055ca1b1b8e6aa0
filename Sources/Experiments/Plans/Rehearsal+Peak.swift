package import Schedules

extension Rehearsal {
  /// The label of the step that runs at the peak.
  package func peakLabel(_ schedule: Schedule, _ workload: Workload) -> String {
    guard schedule.actions.indices.contains(peakAction) else { return "" }
    return workload.steps[workload.step(of: schedule.actions[peakAction])].label
  }
}
