@testable import Schedules

/// The bytes of a schedule counted in the simplest way, one value at a time, as a reference for
/// `Rehearsal`.
struct SimpleRehearsal: Equatable {
  /// Bytes by class after each action, and the highest total while it ran.
  private var after: [[Holding: Int]] = []
  private var during: [Int] = []

  /// What the rehearsal says, in the same form.
  init(_ rehearsal: Rehearsal) {
    during = rehearsal.timeline.map(\.during.total)
    after = rehearsal.timeline.map { moment in
      var classes: [Holding: Int] = [:]
      for holding in Holding.allCases where moment.after[holding] > 0 {
        classes[holding] = moment.after[holding]
      }
      return classes
    }
  }

  /// Counts a legal schedule.
  init(_ schedule: Schedule, _ workload: Workload) {
    let actions = schedule.actions
    var live: [Int: Holding] = [:]
    var timesMade: [Int: Int] = [:]
    func total() -> Int { live.keys.reduce(0) { $0 + workload.value($1).bytes } }
    for (number, action) in actions.enumerated() {
      let before = total()
      var running = before
      switch action {
      case .compute(let step, reusing: let input):
        if let input { live[input] = nil }
        for value in workload.values(of: step) where live[value] == nil {
          timesMade[value, default: 0] += 1
          live[value] = Self.holding(
            of: value, again: (timesMade[value] ?? 0) > 1, number, actions, workload)
        }
        running = total() + workload.steps[step].scratch
      case .free(let value): live[value] = nil
      case .offload: break
      case .fetch(let value):
        live[value] = Self.holding(
          of: value, again: (timesMade[value] ?? 0) > 1, number, actions, workload)
        running = total()
      }
      during.append(max(before, running))
      var classes: [Holding: Int] = [:]
      for (value, holding) in live where workload.value(value).bytes > 0 {
        classes[holding, default: 0] += workload.value(value).bytes
      }
      after.append(classes)
    }
  }

  /// The class of a value made or fetched by an action: looks at every later action until its bytes
  /// are forgotten.
  private static func holding(
    of value: Int, again: Bool, _ number: Int, _ actions: ActionList, _ workload: Workload
  ) -> Holding {
    if value >= workload.forwardValueCount {
      return workload.value(value).isGradient ? .gradients : .adjoints
    }
    if again { return .replayed }
    var isBackward = actions[..<number].contains { action in
      guard case .compute(let step, _) = action else { return false }
      return workload.steps[step].phase != .forward
    }
    for action in actions[(number + 1)...] {
      switch action {
      case .free(value): return .forward
      case .compute(let step, reusing: let input):
        isBackward = isBackward || workload.steps[step].phase != .forward
        if isBackward, workload.steps[step].inputs.contains(value) { return .kept }
        if input == value { return .forward }
      case .free, .offload, .fetch: break
      }
    }
    return .forward
  }
}
