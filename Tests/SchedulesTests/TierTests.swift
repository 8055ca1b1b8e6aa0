import Testing

@testable import Schedules

@Test func `disk_revolve equals revolve where the tier is dear`() throws {
  for length in 1...30 {
    let chain = try #require(try Chain.find(in: Workloads.uniform(length)))
    for slots in 1...4 {
      let dear = try DiskRevolve(slots: slots, write: 1e9, read: 1e9).actions(for: chain)
      #expect(dear == (try Revolve(slots: slots).actions(for: chain)))
    }
  }
}

@Test func `disk_revolve costs what its recurrence says and keeps its slots`() throws {
  for length in 1...40 {
    let chain = try #require(try Chain.find(in: Workloads.uniform(length)))
    for (write, read) in [(0.0, 0.0), (1.0, 2.0), (5.0, 5.0)] {
      let strategy = try DiskRevolve(slots: 2, write: write, read: read)
      let plan = ChainPlan(chain: chain, actions: try strategy.actions(for: chain))
      try plan.check()
      #expect(plan.slots <= 2)
      var price = Double(plan.forwardStages)
      for action in plan.actions {
        if case .offload = action { price += write }
        if case .fetch = action { price += read }
      }
      #expect(price == (try strategy.price(length)))
      #expect(price <= Double(length + Revolve.extra(length, slots: 2)))
    }
  }
}

@Test func `a free tier leaves one replay a stage at most`() throws {
  let chain = try #require(try Chain.find(in: Workloads.uniform(50)))
  let strategy = try DiskRevolve(slots: 1, write: 0, read: 0)
  let plan = ChainPlan(chain: chain, actions: try strategy.actions(for: chain))
  #expect(plan.replayedStages == 49)
}

@Test func `offload replays nothing, and its traffic is written and read bytes`() throws {
  let workload = Workloads.dense(8)
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  let schedule = try Offload(budget: plain.peak * 6 / 10).schedule(workload)
  let rehearsal = try Rehearsal.of(schedule, workload)
  #expect(rehearsal.peak <= plain.peak * 6 / 10)
  #expect(rehearsal.replayedSteps == 0)
  #expect(rehearsal.tierPeak > 0)
  #expect(rehearsal.tierTraffic == 2 * rehearsal.tierPeak)
}

@Test func `a value fetched twice is written once`() throws {
  let workload = Workload(steps: [
    Step(bytes: 4, label: "x"),
    Step(inputs: [0], bytes: 4, phase: .backward, label: "a"),
    Step(inputs: [1], bytes: 4, phase: .backward, label: "b"),
    Step(inputs: [0, 2], bytes: 4, phase: .backward, label: "c", isResult: true),
  ])
  let actions = try Liveness.schedule(
    [
      .compute(0, reusing: nil), .offload(0), .fetch(0), .compute(1, reusing: nil),
      .compute(2, reusing: nil), .fetch(0), .compute(3, reusing: nil),
    ], in: workload)
  let rehearsal = try Rehearsal.of(Schedule(actions: actions), workload)
  #expect(rehearsal.tierPeak == 4)
  #expect(rehearsal.tierTraffic == 12)
}
