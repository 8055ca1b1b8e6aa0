import Experiments
import Reports
import Schedules
import Testing

@testable import Notebook

/// What `timeline`, `explain`, `why` and `step` say of a plan.
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

  @Test func `explain says when, made of what, how low it can go, and what goes lower`() throws {
    let text = PeakExplanation(try UniformPlan.plan(layers: 16)).text
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(flat.contains("The peak of 17.4 KiB under keep_all is at action 17 of 64"))
    #expect(flat.contains("layer'#17 (line 16), in the backward pass"))
    #expect(flat.contains("kept 16 KiB"))
    #expect(flat.contains("inputs 1 KiB, value 1 KiB, scratch 128 B"))
    #expect(flat.contains("No schedule can peak below 3.38 KiB"))
    #expect(flat.contains("sqrt_n 7.38 KiB -57.5 % replays 12 steps"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 90 })
  }

  @Test func `no strategy of the catalogue peaks below what explain calls the least`() throws {
    let workload = UniformPlan.workload(layers: 12)
    let least = try #require(StepNeed.greatest(in: workload)).need.total
    for name in ["keep_all", "keep_none", "marked", "sqrt_n", "bisect"] {
      let schedule = try Catalogue.make(name).schedule(workload)
      #expect(try Rehearsal.of(schedule, workload).peak >= least)
    }
  }

  @Test func `why follows a value to the gradient that needs it, and prices its replay`() throws {
    let plan = try UniformPlan.plan(layers: 16)
    let byName = try #require(UseExplanation(plan, label: "hidden")).text
    #expect(byName == UseExplanation(plan, label: "layer#1")?.text)
    #expect(byName.contains("layer#1 (\"hidden\", line 2) holds 1 KiB."))
    #expect(byName.contains("Computed by action 1, as kept; live until action 60 (59 actions)."))
    #expect(byName.contains("layer#1 → layer'#31 → layer'#32, a gradient asked for."))
    #expect(byName.contains("would free 1 KiB and cost 1 step"))
    #expect(UseExplanation(plan, label: "nothing") == nil)
  }

  @Test func `why tells of a value that is replayed`() throws {
    let plan = try UniformPlan.plan(layers: 16, "sqrt_n")
    let text = try #require(UseExplanation(plan, label: "layer#1")).text
    #expect(text.contains("as forward") && text.contains("Computed again"))
  }

  @Test func `a walk has a line an action, and a page for each`() throws {
    let plan = try UniformPlan.plan(layers: 3)
    let walk = ScheduleWalk(plan)
    let renderer = TerminalRenderer()
    let text = renderer.text(walk.report)
    #expect(text.split(separator: "\n").count == walk.count + 2)
    #expect(text.contains("◀ peak"))
    for action in 0..<walk.count {
      #expect(renderer.text(walk.page(action)).hasPrefix("\(action) of "))
    }
    #expect(renderer.text(walk.page(walk.count)) == "there is no action \(walk.count)")
  }

  @Test func `the bytes of what is live sum to the timeline, after every action`() throws {
    for (name, options) in [
      ("keep_all", [:]), ("keep_none", [:]), ("sqrt_n", [:]), ("every", ["k": .integer(3)]),
    ] as [(String, [String: Catalogue.OptionValue])] {
      let plan = try UniformPlan.plan(layers: 11, name, options)
      let live = LiveSet(plan)
      for action in plan.schedule.actions.indices {
        let sum = live.live(at: action).reduce(0) { $0 + $1.bytes }
        #expect(sum == plan.rehearsal.timeline[action].after.total)
      }
    }
  }
}
