/// The order between updates and whatever else reads or writes the same parameter or state: as in
/// the workload.
///
/// A step that comes before an update in the workload, and reads what the update writes, must not
/// run after it (a replayed forward step would see the new value); one that comes after must not
/// run before.
struct Conflicts: Sendable {
  private let steps: [Step]
  /// Of each parameter and state, the updates that write it, ascending.
  private var writers: [NumberList] = []

  /// The order of a workload, which is free where nothing is updated.
  init(_ workload: Workload) {
    steps = workload.steps
    for (number, step) in steps.enumerated() {
      guard let target = step.writes else { continue }
      while writers.count <= target { writers.append([]) }
      writers[target].append(number)
    }
  }

  /// The first update whose order `step` would break, given how often each step was computed: one
  /// that must come after it, or else one that must come before.
  func firstBroken(by step: Int, computed: [UInt32]) -> Int? {
    if writers.isEmpty { return nil }
    var broken: (after: Int?, before: Int?) = (nil, nil)
    func check(_ target: Int) {
      guard target < writers.count else { return }
      for writer in writers[target] {
        if writer > step, computed[writer] > 0 { broken.after = broken.after ?? writer }
        if writer < step, computed[writer] == 0 { broken.before = broken.before ?? writer }
      }
    }
    for target in steps[step].reads { check(target) }
    if let target = steps[step].writes { check(target) }
    return broken.after ?? broken.before
  }
}
