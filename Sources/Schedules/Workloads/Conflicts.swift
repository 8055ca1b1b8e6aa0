/// The order between updates and whatever else reads or writes the same parameter or state: as in
/// the workload.
///
/// A step that comes before an update in the workload, and reads what the update writes, must not
/// run after it (a replayed forward step would see the new value); one that comes after must not
/// run before.
struct Conflicts: Sendable {
  /// For each step, the updates that must not have run when it runs.
  private let forbidden: [Int: [Int]]
  /// For each step, the updates that must have run when it runs.
  private let required: [Int: [Int]]

  /// The order of a workload, which is free where nothing is updated.
  init(_ workload: Workload) {
    var writers: [Int: [Int]] = [:]
    for (number, step) in workload.steps.enumerated() {
      if let target = step.writes { writers[target, default: []].append(number) }
    }
    var forbidden: [Int: [Int]] = [:]
    var required: [Int: [Int]] = [:]
    if !writers.isEmpty {
      for (number, step) in workload.steps.enumerated() {
        for target in Set(step.reads + (step.writes.map { [$0] } ?? [])).sorted() {
          for writer in writers[target] ?? [] where writer != number {
            if number < writer {
              forbidden[number, default: []].append(writer)
            } else {
              required[number, default: []].append(writer)
            }
          }
        }
      }
    }
    self.forbidden = forbidden
    self.required = required
  }

  /// The first update whose order `step` would break, given how often each step was computed.
  func firstBroken(by step: Int, computed: [Int]) -> Int? {
    if forbidden.isEmpty && required.isEmpty { return nil }
    if let updates = forbidden[step], let broken = updates.first(where: { computed[$0] > 0 }) {
      return broken
    }
    if let updates = required[step], let broken = updates.first(where: { computed[$0] == 0 }) {
      return broken
    }
    return nil
  }
}
