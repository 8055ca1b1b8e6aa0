import Testing

@testable import Schedules

private func chain(_ length: Int) throws -> Chain {
  try #require(try Chain.find(in: Workloads.uniform(length)))
}

@Test func `revolve equals every published count`() throws {
  for row in Oracles.revolve {
    let (length, slots) = (try #require(row[0]), try #require(row[1]))
    let chain = try chain(length)
    let plan = ChainPlan(chain: chain, actions: try Revolve(slots: slots).actions(for: chain))
    try plan.check()
    #expect(plan.forwardStages == row[3], "\(row)")
    #expect(plan.slots <= slots)
  }
}

@Test func `revolve equals the closed form up to 64 stages and 12 slots`() throws {
  for length in 1...64 {
    let chain = try chain(length)
    for slots in 1...12 {
      let plan = ChainPlan(chain: chain, actions: try Revolve(slots: slots).actions(for: chain))
      try plan.check()
      #expect(plan.replayedStages == Revolve.extra(length, slots: slots))
      #expect(plan.slots <= slots)
    }
  }
}

@Test func `revolve of 4 stages with 2 slots is the golden schedule`() throws {
  let workload = Workloads.uniform(4)
  let plan = try #require(try Revolve(slots: 2).schedule(workload).chain)
  #expect(
    plan.actions == [
      .keep(0), .advance(0, 2), .keep(2), .advance(2, 3), .record(3), .reverse(3), .restore(2),
      .drop(2), .record(2), .reverse(2), .restore(0), .advance(0, 1), .record(1), .reverse(1),
      .restore(0), .drop(0), .record(0), .reverse(0),
    ])
  #expect(plan.forwardStages == 8)
}

@Test(arguments: [(2, 3), (3, 2), (4, 4), (5, 3)])
func `slots s reverse at most C(s + t, s) stages with t runs each`(
  slots: Int, turns: Int
) throws {
  var most = 1
  for i in 1...slots { most = most * (turns + i) / i }
  for (length, expected) in [(most, turns), (most + 1, turns + 1)] {
    let chain = try chain(length)
    var runs = Array(repeating: 0, count: length)
    for action in try Revolve(slots: slots).actions(for: chain) {
      if case .advance(let from, let to) = action { for stage in from..<to { runs[stage] += 1 } }
    }
    #expect(runs.max() == expected)
  }
}

@Test func `mixed equals every published count`() throws {
  for row in Oracles.mixed {
    let (length, slots) = (try #require(row[0]), try #require(row[1]))
    let chain = try chain(length)
    let plan = ChainPlan(chain: chain, actions: try Mixed(slots: slots).actions(for: chain))
    try plan.check()
    #expect(plan.forwardStages == row[2], "\(row)")
    #expect(plan.mixedSlots <= slots, "\(row)")
  }
}

@Test(arguments: [2, 4, 8, 16, 64, 256])
func `bisect stores log2 n boundaries`(length: Int) throws {
  let chain = try chain(length)
  let plan = ChainPlan(chain: chain, actions: try Bisect().actions(for: chain))
  try plan.check()
  #expect(plan.slots == length.trailingZeroBitCount)
}

@Test func `ten thousand stages are planned`() throws {
  let workload = Workloads.uniform(10_000)
  for strategy: any Strategy in [try Revolve(slots: 100), Bisect(), SqrtN(), try Every(100)] {
    let schedule = try strategy.schedule(workload)
    #expect(try Rehearsal.of(schedule, workload).backwardSteps == 10_000)
  }
}

@Test func `a plan too long to hold is refused with the limit`() throws {
  #expect(throws: ScheduleError.limit(.computations(4_000_000))) {
    try Revolve(slots: 1).schedule(Workloads.uniform(10_000))
  }
}
