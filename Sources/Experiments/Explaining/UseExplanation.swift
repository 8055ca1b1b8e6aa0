package import Reports
import Schedules
import Writing

/// Why a value is alive: through which chain of uses, until when, and what replaying it would cost.
package struct UseExplanation {
  private let plan: Plan
  private let value: Int
  private let live: LiveSet
  /// Steps that read each value.
  private let users: [[Int]]

  /// The value with this label, or with this name given by `named(x, "…")`, or the first of the
  /// step with this label; `nil` where there is none.
  package init?(_ plan: Plan, label: String) {
    let workload = plan.workload
    let values = (0..<workload.valueCount).lazy.map { workload.value($0) }
    let step = workload.steps.firstIndex { $0.label == label }
    guard
      let value = values.firstIndex(where: { $0.label == label })
        ?? values.firstIndex(where: { $0.name == label })
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
    let values = plan.workload.steps.flatMap(\.results)
    return values.map(\.label) + values.compactMap(\.name)
  }

  /// The explanation, a sentence a paragraph.
  package var report: Report {
    let fact = plan.workload.value(value)
    var lines = [
      "\(title) holds \(ByteFormat.text(fact.bytes))"
        + "\(fact.isResult ? ", a result of the block" : "")."
    ]
    let lives = live.lives(of: value)
    if lives.isEmpty { lines.append("The schedule never computes it.") }
    for (index, life) in lives.enumerated() {
      lines.append(sentence(life, isFirst: index == 0))
    }
    lines.append(readers)
    if let last = lastUse(lives) { lines += chain(from: last.user) + [replay(at: last.action)] }
    return Report(lines.map { .paragraph(RichText($0)) })
  }

  /// The step that makes the value.
  private var maker: Step { plan.workload.steps[plan.workload.maker(of: value)] }

  private var place: String? { plan.workload.place(ofStep: plan.workload.maker(of: value)) }

  private var title: String {
    let fact = plan.workload.value(value)
    var words = [
      fact.name.map { "\"\($0)\"" }, place,
    ].compactMap { $0 }.joined(separator: ", ")
    if !words.isEmpty { words = " (\(words))" }
    return fact.label + words
  }

  private func sentence(_ life: LiveSet.Life, isFirst: Bool) -> String {
    let how = isFirst ? "Computed" : "Computed again"
    let count = plan.schedule.actions.count
    let end =
      life.range.upperBound >= count
      ? "live to the end" : "live until action \(life.range.upperBound)"
    return "\(how) by action \(life.range.lowerBound), as \(life.holding); \(end) "
      + "(\(CountFormat.counted(life.range.count, "action")))."
  }

  private var readers: String {
    let names = users[value].map { user in
      plan.workload.steps[user].label
        + (plan.workload.steps[user].phase == .forward ? "" : " (backward)")
    }
    if names.isEmpty { return "Nothing reads it." }
    let more = names.count - 6
    return "Read by \(names.prefix(6).joined(separator: ", "))"
      + (more > 0 ? " and \(more) more." : ".")
  }

  /// The last action that reads it in its longest life, and the step it computes.
  private func lastUse(_ lives: [LiveSet.Life]) -> (action: Int, user: Int)? {
    guard let life = lives.max(by: { $0.range.count < $1.range.count }) else { return nil }
    let readers = Set(users[value])
    let end = min(life.range.upperBound + 1, plan.schedule.actions.count)
    for action in stride(from: end - 1, to: life.range.lowerBound, by: -1) {
      if case .compute(let user, _) = plan.schedule.actions[action], readers.contains(user) {
        return (action, user)
      }
    }
    return nil
  }

  /// From a use to the nearest result that it leads to.
  private func chain(from user: Int) -> [String] {
    var came: [Int: Int] = [:]
    var queue = [user]
    var head = 0
    while head < queue.count {
      let step = queue[head]
      head += 1
      let fact = plan.workload.steps[step]
      if fact.writes != nil || fact.results.contains(where: { $0.isResult || $0.isGradient }) {
        var path = [step]
        while let before = came[path[0]] { path.insert(before, at: 0) }
        return [line(path, end: fact)]
      }
      for next in plan.workload.values(of: step).flatMap({ users[$0] })
      where next != user && came[next] == nil {
        came[next] = step
        queue.append(next)
      }
    }
    return []
  }

  private func line(_ path: [Int], end: Step) -> String {
    let labels = [plan.workload.value(value).label] + path.map { plan.workload.steps[$0].label }
    let shown =
      labels.count <= 7
      ? labels : labels.prefix(4) + ["… \(labels.count - 6) more"] + labels.suffix(2)
    let what =
      end.writes != nil
      ? "an update"
      : end.results.contains(where: \.isGradient) ? "a gradient asked for" : "a result"
    return "Kept alive by: \(shown.joined(separator: " → ")), \(what)."
  }

  /// What it would take to compute the value again just before its last use, from what is live
  /// then.
  private func replay(at action: Int) -> String {
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
    let cost = needed.reduce(0) { $0 &+ workload.steps[$1].cost }
    let bytes = ByteFormat.text(workload.value(value).bytes)
    guard maker.phase == .forward else {
      return "It is made in the backward pass: its \(bytes) cannot be replayed more cheaply."
    }
    return "Replaying it before its last use (action \(action)) would free \(bytes) and cost "
      + "\(CountFormat.counted(needed.count, "step")), \(CountFormat.brief(cost)) FLOPs."
  }
}
