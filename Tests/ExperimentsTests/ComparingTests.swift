import Execution
import Experiments
import Schedules
import Tensors
import Testing

@Suite struct `Runs of one block side by side` {
  private static let strategies: [any Strategy] = [KeepAll(), SqrtN(), Bisect(), KeepNone()]

  @Test func `a comparison has equal bits, the draws of one step, and leaves states alone`() throws
  {
    let lab = BlockLab()
    let block = try lab.chain(8, drops: true, counts: true)
    let before = block.inputs[1].doubles()
    let step = lab.bench.context.step
    let live = lab.ledger.live
    let comparison = try lab.bench.compare(Problem(block), across: Self.strategies)
    #expect(comparison.rows.count == 4)
    for row in comparison.rows {
      let run = try #require(row.run)
      #expect(run.isEqual && run.agrees && row.predicted == run.measured)
    }
    #expect(comparison.rows.map(\.predicted) == comparison.rows.map(\.predicted).sorted())
    #expect(comparison.rows.contains { $0.isOnFront })
    #expect(lab.bench.context.step == step)
    #expect(lab.ledger.live == live)
    #expect(block.inputs[1].doubles() == before)
  }

  @Test func `a certificate counts what it compared`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(5, drops: true, counts: true))
    let certificate = try lab.bench.certify(problem, Bisect())
    #expect(certificate.isCertified && certificate.masksAgree)
    #expect(certificate.gradientCount == 5 && certificate.stateCount == 1)
    #expect(certificate.drawCount == 5)
  }

  @Test func `the front of a sweep falls in replays as it rises in bytes`() throws {
    let lab = BlockLab()
    let sweep = try lab.bench.sweep(Problem(try lab.chain(16)))
    #expect(sweep.points.count > 12 && sweep.front.count > 2)
    for (low, high) in zip(sweep.front, sweep.front.dropFirst()) {
      #expect(low.peak < high.peak && low.replay > high.replay)
    }
    for point in sweep.points {
      #expect(sweep.front.contains { $0.peak <= point.peak && $0.replay <= point.replay })
    }
    let chosen = try lab.bench.sweep(Problem(try lab.chain(16)), across: [KeepAll()])
    #expect(chosen.points.map(\.spelling) == ["keep_all"])
  }

  @Test(arguments: Prediction.Quantity.allCases)
  func `the plan's own number is the right guess, and another is not`(
    quantity: Prediction.Quantity
  ) throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(4))
    let first = try lab.bench.predict(quantity, guess: -1, problem, with: SqrtN())
    #expect(!first.isRight && first.planned == first.measured)
    let second = try lab.bench.predict(quantity, guess: first.planned, problem, with: SqrtN())
    #expect(second.isRight)
    #expect(second.parting == .right)
  }

  @Test func `traps spring where there is something to harm`() throws {
    let lab = BlockLab()
    let plain = Problem(try lab.chain(6))
    let full = Problem(try lab.chain(6, drops: true, counts: true))
    #expect(try !lab.bench.spring(.masks, on: plain).isHarmed)
    #expect(try lab.bench.spring(.masks, on: full).isHarmed)
    #expect(try !lab.bench.spring(.statistics, on: plain).isHarmed)
    #expect(try lab.bench.spring(.statistics, on: full).isHarmed)
    #expect(try lab.bench.spring(.whole, on: plain).isHarmed)
    #expect(try lab.bench.spring(.last, on: plain).isHarmed)
    #expect(try !lab.bench.spring(.frozen, on: plain).isHarmed)
    #expect(try lab.bench.spring(.budget, on: plain).isHarmed)
  }

  @Test func `the optimum for the slots of a plan is Griewank's`() throws {
    let lab = BlockLab()
    let plan = try lab.bench.plan(Problem(try lab.chain(10)), with: Revolve(slots: 3))
    guard case .slots(let replayed, 3, let least) = try lab.bench.optimum(beside: plan) else {
      Issue.record("no optimum for the slots")
      return
    }
    #expect(replayed == least)
  }

  @Test func `beside its own plan optimal replays nothing less`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(10))
    let lower = try lab.bench.plan(problem, with: SqrtN())
    let plan = try lab.bench.plan(problem, with: Optimal(budget: lower.peak))
    switch try lab.bench.optimum(beside: plan) {
    case .best(let own): #expect(own.cost == plan.rehearsal.replayedCost)
    case .slots(let replayed, slots: _, let least): #expect(replayed == least)
    case .peak, .unknown, nil: Issue.record("the optimum is not its own")
    }
  }

  @Test func `a plan that replays nothing says why`() throws {
    let lab = BlockLab()
    let problem = Problem(try lab.chain(10))
    func why(_ strategy: any Strategy) throws -> Idleness? {
      try lab.bench.plan(problem, with: strategy).idleness(under: strategy)
    }
    #expect(try why(KeepAll()) == nil)
    #expect(try why(SqrtN()) == nil)
    #expect(try why(Marked()) == .noRegion)
    #expect(try why(Optimal(budget: 1 << 40)) == .roomy)
    #expect(try why(Policy(.recomputeOnly, ops: ["conv"])) == .savedAll)
    guard case .keptStages = try why(Every(100)) else {
      Issue.record("every(100) replays something")
      return
    }
  }

  @Test func `an explanation lists only strategies that peak lower, each better than the last`()
    throws
  {
    let lab = BlockLab()
    let plan = try lab.bench.plan(Problem(try lab.chain(20)), with: KeepAll())
    let lower = try #require(try lab.bench.explainPeak(of: plan).lower)
    #expect(!lower.isEmpty)
    let replaying = lower.filter { $0.tierTraffic == 0 }
    for (one, next) in zip(replaying, replaying.dropFirst()) {
      #expect(one.peak < next.peak && one.replayedCost > next.replayedCost)
    }
    #expect(lower.dropLast().allSatisfy { $0.tierTraffic == 0 })
    #expect(lower.allSatisfy { $0.peak + plan.base.total < plan.peak })
  }
}
