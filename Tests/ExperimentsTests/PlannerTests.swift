import Execution
import Experiments
import Graphs
import Schedules
import Synchronization
import Tensors
import Testing

@Suite struct `Planning and running a block` {
  @Test func `a run measures what was planned, and gives a gradient for each target`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(24, drops: true))
    let plain = try lab.bench.run(problem, with: KeepAll())
    lab.bench.context.step -= 1
    let sparse = try lab.bench.run(problem, with: SqrtN())
    #expect(plain.gradients.count == 24)
    #expect(plain.measuredPeak == plain.plan.peak && sparse.measuredPeak == sparse.plan.peak)
    #expect(sparse.plan.peak < plain.plan.peak)
    for (one, other) in zip(plain.gradients, sparse.gradients) {
      #expect(one.hasSameBits(as: other))
    }
    let summary = try #require(lab.bench.summary)
    #expect(summary.runs == 2 && summary.strategy == "several")
    #expect(summary.predictedPeak == summary.measuredPeak)
  }

  @Test func `a plan allocates nothing, and has the peak of the run`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(4))
    let live = lab.ledger.live
    let plan = try lab.bench.plan(problem, with: Bisect())
    #expect(lab.ledger.live == live)
    #expect(try lab.bench.run(problem, with: Bisect()).plan.peak == plan.peak)
  }

  @Test func `the gradient of a target that the block does not use is zero`() throws {
    let lab = BlockLab()
    var block = try lab.chain(2)
    var graph = block.graph
    graph.inputs.append(Input(kind: .parameter, shape: [3], dtype: .f32, name: "z"))
    block = TracedBlock(
      graph: graph, inputs: block.inputs + [try lab.tensor([3], .parameters, seed: 9)],
      targets: block.targets
        + [.init(name: "z", input: graph.inputs.count - 1, shape: [3], dtype: .f32)], states: [])
    let problem = Problem(block)
    let plan = try lab.bench.plan(problem, with: KeepAll())
    let run = try lab.bench.run(problem, with: KeepAll())
    #expect(run.gradients.last?.doubles() == [0, 0, 0])
    #expect(run.measuredPeak == plan.peak)
    #expect(lab.ledger.live[.gradients] == plan.rehearsal.timeline.last?.after[.gradients])
  }

  @Test func `a budget that is too small is refused before anything runs, with what would fit`()
    throws
  {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(12))
    let peak = try lab.bench.plan(problem, with: KeepAll()).peak
    let least = try lab.bench.plan(problem, with: SqrtN()).peak
    let live = lab.ledger.live
    lab.ledger.budget = least
    do {
      _ = try lab.bench.run(problem, with: KeepAll())
      Issue.record("it ran")
    } catch ExperimentError.overBudget(let excess) {
      #expect(excess.peak == peak && excess.budget == least)
      #expect(excess.account.total == peak && excess.outside == live.total)
      let fitting = try #require(excess.fitting)
      #expect(fitting.peak <= least)
    }
    #expect(lab.ledger.live == live)
  }

  @Test func `a strategy's budget counts what stands outside`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(9))
    let budget = try lab.bench.plan(problem, with: SqrtN()).peak
    let plan = try lab.bench.plan(problem, with: Optimal(budget: budget))
    #expect(plan.peak <= budget)
    do {
      _ = try lab.bench.plan(problem, with: Optimal(budget: 100))
      Issue.record("it has a plan")
    } catch ExperimentError.refused(let refusal) {
      #expect(refusal.asked == 100 && refusal.outside == lab.ledger.liveTotal)
    }
  }

  /// A strategy that counts how often it is asked, and may not be kept where it says so.
  private struct Counted: Strategy {
    let spelling = "counted"
    let signature: String?
    let count: Counter

    final class Counter: Sendable {
      let times = Mutex(0)
    }

    func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
      count.times.withLock { $0 += 1 }
      return try KeepAll().schedule(workload)
    }
  }

  @Test(arguments: ["counted", nil])
  func `a strategy is asked once for a graph, or each time where its plans must not be kept`(
    signature: String?
  ) throws {
    let lab = BlockLab()
    let block = try lab.chain(2)
    let counted = Counted(signature: signature, count: .init())
    for _ in 0..<3 { _ = try lab.bench.run(Problem(block), with: counted) }
    #expect(counted.count.times.withLock { $0 } == (signature == nil ? 3 : 1))
  }

  private struct Broken: Strategy {
    struct Reason: Error, Equatable {}
    let spelling = "broken"
    let isRefusal: Bool

    func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
      throw .foreign(ForeignFailure(Reason(), isRefusal: isRefusal))
    }
  }

  @Test func `an error of a strategy from above passes through, and only a refusal is passed over`()
    throws
  {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(3))
    do {
      _ = try lab.bench.compare(problem, across: [Broken(isRefusal: false)])
      Issue.record("it was compared")
    } catch ExperimentError.refused(let refusal) {
      guard case .foreign(let failure) = refusal.error else { throw refusal.error }
      #expect(failure.error is Broken.Reason)
    }
    let comparison = try lab.bench.compare(
      problem, across: [Broken(isRefusal: true), KeepAll()])
    #expect(comparison.rows.count == 1 && comparison.refusals.count == 1)
  }
}
