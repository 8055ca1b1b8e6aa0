import Experiments
import PlanLab
import Reports
import Schedules
import Testing

@testable import Notebook

/// What `timeline` and `step` say of a plan.
@Suite struct PlanPagesTests {
  private func chart(_ plans: [(name: String, plan: Plan)], width: Int = 80) -> String {
    let plot = TimelinePlot(plans.map { $0.plan.timelineSubject(named: $0.name) })
    return TerminalRenderer(width: width).text(Report(.chart(.timeline(plot))))
  }

  @Test func `a timeline marks the peak, the turn to the backward pass, and fits its width`() throws
  {
    let plan = try UniformPlan.plan(layers: 16)
    for width in [40, 60, 80, 120] {
      let text = chart([("p", plan)], width: width)
      let lines = text.split(separator: "\n")
      #expect(lines.dropFirst().allSatisfy { $0.count <= width })
      #expect(lines[0] == "p  keep_all   peak 17.4 KiB: 17.1 KiB drawn, 256 B outside the schedule")
      #expect(lines[1].contains("▼"))
      #expect(lines[1].contains("peak at action 17"))
      #expect(text.contains("backward from 17"))
      #expect(lines.last == "█ kept   ▒ adjoints and gradients")
    }
  }

  @Test func `the column under the mark reaches the top, and no column is above it`() throws {
    let plan = try UniformPlan.plan(layers: 9, "sqrt_n")
    let lines = chart([("p", plan)])
      .split(separator: "\n").map { Array($0) }
    let mark = try #require(lines[1].firstIndex(of: "▼"))
    #expect("█▓▒░".contains(lines[2][mark]))
  }

  @Test func `several timelines share their scales`() throws {
    let all = try UniformPlan.plan(layers: 16)
    let some = try UniformPlan.plan(layers: 16, "sqrt_n")
    let text = chart([("p", all), ("q", some)])
    #expect(text.components(separatedBy: "17.1 KiB ┤").count == 3)
    #expect(text.contains("q  sqrt_n"))
    #expect(text.contains("▓ replayed"))
  }

  @Test func `a schedule of one action has a chart`() throws {
    let workload = Workload(steps: [Step(bytes: 8, label: "one#0", isResult: true)])
    let schedule = Schedule(actions: [.compute(0, reusing: nil)])
    let plan = try UniformPlan.plan(of: schedule, on: workload)
    #expect(chart([("p", plan)]).contains("8 B ┤"))
  }

  @Test func `a walk has a line an action, and a page for each`() throws {
    let plan = try UniformPlan.plan(layers: 3)
    let walk = ScheduleWalk(plan)
    let renderer = TerminalRenderer()
    let text = renderer.text(walk.report)
    #expect(text.split(separator: "\n").count == walk.count + 2)
    #expect(text.contains("◀ peak"))
    for action in 0..<walk.count {
      #expect(renderer.text(walk.page(action)).hasPrefix("action \(action) of \(walk.count): "))
    }
    #expect(renderer.text(walk.page(walk.count)) == "there is no action \(walk.count)")
  }
}
