import Evaluation
package import Experiments
package import Reports
import Schedules
import Syntax
import Writing

/// A schedule, action by action, with what is live at each.
package struct ScheduleWalk {
  private let plan: Plan
  private let live: LiveSet

  /// A walk through the schedule of a plan.
  package init(_ plan: Plan) {
    self.plan = plan
    self.live = LiveSet(plan)
  }

  /// Actions in all.
  package var count: Int { plan.schedule.actions.count }

  /// Every action on a line: number, action, bytes while it runs and after it, and the values live
  /// during it.
  package var report: Report {
    guard count > 0 else { return Report(.line("the schedule has no actions")) }
    var table = ReportTable(
      .right("#"), .left("action"), .right("during"), .right("after"), .left("live after"))
    for (action, moment) in plan.rehearsal.timeline.enumerated() {
      table.add(
        .integer(action), "\(plan.schedule.actions[action].reading(in: plan.workload))",
        .bytes(moment.during.total), .bytes(moment.after.total),
        "\(names(at: action, most: 4))\(mark(action))")
    }
    let outside = plan.base.total
    var title: RichText = "\(name: plan.strategy): \(count: count, "action")"
    if outside > 0 { title += "; \(bytes: outside) outside the schedule not counted" }
    return Report(.line(title), .table(table))
  }

  /// One action as a page: what it does, the bytes by class, and every value live.
  package func page(_ action: Int) -> Report {
    guard plan.schedule.actions.indices.contains(action) else {
      return Report(.line("there is no action \(action)"))
    }
    let moment = plan.rehearsal.timeline[action]
    let text = plan.schedule.actions[action].reading(in: plan.workload)
    var facts: [Report.Facts.Fact] = []
    if case .compute(let step, _) = plan.schedule.actions[action] {
      facts += self.facts(of: step, at: action)
    }
    let parts: [RichText] = Holding.allCases.filter { moment.during[$0] > 0 }
      .map { "\(String(describing: $0)) \(bytes: moment.during[$0])" }
    var bytes: RichText = """
      \(bytes: moment.during.total) during, \(bytes: moment.after.total) after
      """
    if !parts.isEmpty { bytes += ": \(parts.joined(separator: ", "))" }
    let bar = Bar.text(moment.during.total, of: plan.rehearsal.peak, width: 40)
    facts += [
      .init("bytes", bytes), .init("bar", RichText(bar)),
      .init("live", RichText(names(at: action, most: 12))),
    ]
    return Report(
      .section(
        .init(
          "action \(action) of \(count): \(text)\(mark(action))",
          [.facts(.init(facts, labelWidth: ScheduleWalk.labelWidth))])))
  }

  /// Columns that labels of a page take.
  private static let labelWidth = 6

  /// What marks the action at the peak.
  private func mark(_ action: Int) -> RichText {
    action == plan.rehearsal.peakAction ? "  \(strong: "◀ peak")" : ""
  }

  private func facts(of step: Int, at action: Int) -> [Report.Facts.Fact] {
    guard plan.workload.steps.indices.contains(step) else { return [] }
    let fact = plan.workload.steps[step]
    var text: RichText = "\(String(describing: fact.phase))"
    text += RichText(words(plan.rehearsal.holdings[action], of: fact))
    if let place = plan.workload.place(ofStep: step) { text += RichText(", \(place)") }
    text += ", \(flops: fact.cost) FLOPs"
    let inputs = fact.inputs.map(plan.workload.label(ofValue:))
    return [.init("step", text)]
      + (inputs.isEmpty ? [] : [.init("reads", RichText(inputs.joined(separator: ", ")))])
  }

  /// The classes of what a step makes: `, its value is kept`, or each of several by its label.
  private func words(_ holdings: ArraySlice<Holding?>, of step: Step) -> String {
    if step.results.count == 1 {
      return (holdings.first ?? nil).map { ", its value is \($0)" } ?? ""
    }
    return zip(step.results.indices, holdings).map { place, holding in
      let label = step.label(ofResult: place)
      return holding.map { ", \(label) is \($0)" } ?? ", \(label) is there already"
    }.joined()
  }

  private func names(at action: Int, most: Int) -> String {
    let lives = live.live(at: action)
    let names = lives.prefix(most).map { plan.workload.label(ofValue: $0.value) }
    let more = lives.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
