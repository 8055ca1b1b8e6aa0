import Evaluation
package import Experiments
import Schedules
import Syntax
import Writing

/// A schedule, action by action, with what is live at each.
package struct ScheduleWalk {
  private let plan: Plan
  private let live: LiveSet
  private let width: Int

  package init(_ plan: Plan, width: Int) {
    self.plan = plan
    self.live = LiveSet(plan)
    self.width = max(width, 60)
  }

  /// Actions in all.
  package var count: Int { plan.schedule.actions.count }

  /// Every action on a line: number, action, bytes while it runs and after it, and the values live during it.
  package var text: String {
    guard count > 0 else { return "the schedule has no actions" }
    var table = TextTable([.right, .left, .right, .right, .left])
    table.add("#", "action", "during", "after", "live after")
    for action in 0..<count {
      let moment = plan.rehearsal.timeline[action]
      table.add(
        String(action), plan.schedule.actions[action].reading(in: plan.workload),
        ByteFormat.text(moment.during.total), ByteFormat.text(moment.after.total),
        names(at: action, most: 4) + (action == plan.rehearsal.peakAction ? "  ◀ peak" : ""))
    }
    let outside = plan.base.total
    return
      ([
        "\(plan.strategy): \(CountFormat.counted(count, "action"))"
          + (outside > 0 ? "; \(ByteFormat.text(outside)) outside the schedule not counted" : "")
      ]
      + table.lines()).joined(separator: "\n")
  }

  /// One action as a page: what it does, the bytes by class, and every value live.
  package func page(_ action: Int) -> String {
    guard plan.schedule.actions.indices.contains(action),
      plan.rehearsal.timeline.indices.contains(action)
    else { return "there is no action \(action)" }
    let moment = plan.rehearsal.timeline[action]
    let peak = action == plan.rehearsal.peakAction ? "  ◀ peak" : ""
    let text = plan.schedule.actions[action].reading(in: plan.workload)
    var lines = ["\(action) of \(count - 1): \(text)\(peak)"]
    if case .compute(let step, _) = plan.schedule.actions[action] {
      lines += facts(of: step, at: action)
    }
    let parts = Holding.allCases.filter { moment.during[$0] > 0 }
      .map { "\($0) \(ByteFormat.text(moment.during[$0]))" }
    lines.append(
      "  bytes   \(ByteFormat.text(moment.during.total)) during, "
        + "\(ByteFormat.text(moment.after.total)) after"
        + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")))
    lines.append(
      ("  bar     " + Bar.text(moment.during.total, of: plan.rehearsal.peak, width: 40))
        .trimmedAtEnd)
    lines.append("  live    \(names(at: action, most: 12))")
    return lines.joined(separator: "\n")
  }

  private func facts(of step: Int, at action: Int) -> [String] {
    guard plan.workload.steps.indices.contains(step) else { return [] }
    let fact = plan.workload.steps[step]
    var line = "  step    \(fact.phase)"
    line += words(plan.rehearsal.holdings[action], of: fact)
    if fact.line > 0 { line += ", line \(fact.line)" }
    line += ", \(CountFormat.brief(fact.cost)) FLOPs"
    let inputs = fact.inputs.map { plan.workload.value($0).label }
    return [line] + (inputs.isEmpty ? [] : ["  reads   \(inputs.joined(separator: ", "))"])
  }

  /// The classes of what a step makes: `, its value is kept`, or each of several by its label.
  private func words(_ holdings: ArraySlice<Holding?>, of step: Step) -> String {
    if step.results.count == 1 {
      return (holdings.first ?? nil).map { ", its value is \($0)" } ?? ""
    }
    return zip(step.results, holdings).map { value, holding in
      holding.map { ", \(value.label) is \($0)" } ?? ", \(value.label) is there already"
    }.joined()
  }

  private func names(at action: Int, most: Int) -> String {
    let lives = live.live(at: action)
    let names = lives.prefix(most).map { plan.workload.value($0.value).label }
    let more = lives.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
