import Schedules

/// Why a value is alive: through which chain of uses, until when, and what replaying it would cost.
package struct UseExplanation {
  /// The plan that the value is in.
  package let plan: Plan
  /// The number of the value in the workload.
  package let value: Int
  private let live: LiveSet
  /// Steps that read each value.
  private let users: [[Int]]

  /// The value with this label, or with this name given by `named(x, "…")`, or the first of the
  /// step with this label; `nil` where there is none.
  package init?(_ plan: Plan, label: String) {
    let workload = plan.workload
    let values = 0..<workload.valueCount
    let step = workload.steps.firstIndex { $0.label == label }
    guard
      let value = values.first(where: { workload.label(ofValue: $0) == label })
        ?? values.first(where: { workload.name(ofValue: $0) == label })
        ?? step.flatMap({ workload.values(of: $0).first })
    else { return nil }
    self.plan = plan
    self.value = value
    self.live = LiveSet(plan)
    var users = [[Int]](repeating: [], count: workload.valueCount)
    for (index, step) in workload.steps.enumerated() {
      for input in step.inputs where users.indices.contains(input) { users[input].append(index) }
    }
    self.users = users
  }

  /// Labels and names that `why` knows of a plan.
  package static func labels(of plan: Plan) -> [String] {
    let values = 0..<plan.workload.valueCount
    return values.map(plan.workload.label(ofValue:))
      + values.compactMap(plan.workload.name(ofValue:))
  }

  /// When the value is live: once where it is not replayed, never where it is not computed.
  package var lives: [LiveSet.Life] { live.lives(of: value) }

  /// The steps that read it, in order.
  package var readers: [Int] { users[value] }

  /// The last action that reads it in its longest life.
  package struct LastUse {
    /// Its number in the schedule.
    package let action: Int
    /// The steps from the one it computes to the nearest that gives a result; empty where none
    /// does.
    package let path: [Int]
    /// Steps and FLOPs that it takes to compute the value again just before, from what is live
    /// then.
    package let replay: (steps: Int, cost: Int)
  }

  /// `nil` where nothing reads it.
  package var lastUse: LastUse? {
    guard let life = lives.max(by: { $0.range.count < $1.range.count }) else { return nil }
    let readers = Set(readers)
    let end = min(life.range.upperBound + 1, plan.schedule.actions.count)
    for action in stride(from: end - 1, to: life.range.lowerBound, by: -1) {
      if case .compute(let user, _) = plan.schedule.actions[action], readers.contains(user) {
        return LastUse(action: action, path: path(from: user), replay: replay(at: action))
      }
    }
    return nil
  }

  /// What of a step makes it an end of a path.
  package enum End { case update, gradient, result }

  /// What a step gives that outlives the schedule; `nil` where that is nothing.
  package func end(at step: Int) -> End? {
    let fact = plan.workload.steps[step]
    if fact.writes != nil { return .update }
    if fact.results.contains(where: \.isGradient) { return .gradient }
    return fact.results.contains(where: \.isResult) ? .result : nil
  }

  /// From a use to the nearest result that it leads to.
  private func path(from user: Int) -> [Int] {
    var came: [Int: Int] = [:]
    var queue = [user]
    var head = 0
    while head < queue.count {
      let step = queue[head]
      head += 1
      if end(at: step) != nil {
        var path = [step]
        while let before = came[path[0]] { path.insert(before, at: 0) }
        return path
      }
      for next in plan.workload.values(of: step).flatMap({ users[$0] })
      where next != user && came[next] == nil {
        came[next] = step
        queue.append(next)
      }
    }
    return []
  }

  /// What it takes to compute the value again just before an action, from what is live then.
  private func replay(at action: Int) -> (steps: Int, cost: Int) {
    let workload = plan.workload
    let around = Set(live.live(at: action).map(\.value)).subtracting([value])
    var needed: Set<Int> = []
    var stack = [workload.maker(of: value)]
    while let next = stack.popLast() {
      guard needed.insert(next).inserted else { continue }
      for input in workload.steps[next].inputs where !around.contains(input) {
        stack.append(workload.maker(of: input))
      }
    }
    return (needed.count, needed.reduce(0) { $0 &+ workload.steps[$1].cost })
  }
}
