import Evaluation
import Execution
import Experiments
import PlanLab
import Reports
import Tensors
import Testing

/// What `explain` and `why` say of a plan.
@Suite struct ExplanationPagesTests {
  private static var bench: Workbench {
    Workbench(ledger: Ledger(), context: RunContext(seed: 3), isCancelled: { false })
  }

  private static func text(_ report: Report) -> String { TerminalRenderer().text(report) }

  @Test func `explain says when, made of what, how low it can go, and what goes lower`() throws {
    let text = Self.text(
      try ExplanationPagesTests.bench.explainPeak(of: try UniformPlan.plan(layers: 16)).report)
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(flat.contains("The peak of 17.4 KiB under keep_all is at action 17 of 64"))
    #expect(flat.contains("layer'#17 (line 16), in the backward pass"))
    #expect(flat.contains("kept 16 KiB"))
    #expect(flat.contains("inputs 1 KiB, value 1 KiB, scratch 128 B"))
    #expect(flat.contains("No schedule can peak below 3.38 KiB"))
    #expect(flat.contains("optimal(budget: 8238) 7.38 KiB -57.5 % replays 10 steps (10 k FLOPs)"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 90 })
  }

  @Test func `why follows a value to the gradient that needs it, and prices its replay`() throws {
    let plan = try UniformPlan.plan(layers: 16)
    let byName = Self.text(try #require(UseExplanation(plan, label: "hidden")).report)
    #expect(byName == UseExplanation(plan, label: "layer#1").map { Self.text($0.report) })
    #expect(byName.contains("layer#1 (\"hidden\", line 2) holds 1 KiB."))
    #expect(byName.contains("Computed by action 1, as kept; live until action 60 (59 actions)."))
    #expect(byName.contains("layer#1 → layer'#31 → layer'#32, a gradient asked for."))
    #expect(byName.contains("would free 1 KiB and cost 1 step"))
    #expect(UseExplanation(plan, label: "nothing") == nil)
  }

  @Test func `why tells of a value that is replayed`() throws {
    let plan = try UniformPlan.plan(layers: 16, "sqrt_n")
    let text = Self.text(try #require(UseExplanation(plan, label: "layer#1")).report)
    #expect(text.contains("as forward") && text.contains("Computed again"))
  }
}
