import Testing

@testable import Schedules

private func plan(_ strategy: any Strategy, _ length: Int) throws -> ChainPlan {
  try #require(try strategy.schedule(Workloads.uniform(length)).chain)
}

@Test(arguments: 1...20)
func `keep_none runs n(n + 1) / 2 stages forward with one slot`(length: Int) throws {
  let plan = try plan(KeepNone(), length)
  #expect(plan.forwardStages == length * (length + 1) / 2)
  #expect(plan.slots == (length > 1 ? 1 : 0))
}

@Test(arguments: [(8, 2), (9, 3), (10, 3), (64, 8), (65, 8)])
func `boundaries of checkpoint_sequential replay (n div k)(k - 1) stages`(
  length: Int, segments: Int
) throws {
  let chain = try #require(try Chain.find(in: Workloads.uniform(length)))
  let boundaries = (0..<segments).map { $0 * (length / segments) }
  let plan = try ChainPlan.keeping(boundaries, in: chain)
  try plan.check()
  #expect(plan.replayedStages == (length / segments) * (segments - 1))
}

@Test func `every 1 keeps every boundary and the last segment is not replayed`() throws {
  let plan = try plan(try Every(1), 5)
  #expect(plan.replayedStages == 4)
  #expect(plan.slots == 4)
}

@Test func `a boundary outside the chain is refused with the range`() throws {
  let chain = try #require(try Chain.find(in: Workloads.uniform(4)))
  #expect(
    throws: ScheduleError.option(name: "boundaries", expected: .numbersUpTo(3), found: .count(4))
  ) { try ChainPlan.keeping([1, 4], in: chain) }
}

@Test func `cube runs once in the forward and once more in the replay`() throws {
  let workload = Workload(
    steps: [
      Step(bytes: 4, label: "cube#0", operation: "cube", region: 0),
      Step(inputs: [0], bytes: 4, label: "scale#1", operation: "scale", region: 0),
      Step(inputs: [1], bytes: 4, label: "product#2", isResult: true),
      Step(inputs: [0], bytes: 4, phase: .backward, label: "d#2", differentiates: 2),
      Step(
        inputs: [3, 0], bytes: 4, phase: .backward, label: "d#0", isResult: true,
        isGradient: true, differentiates: 0),
    ], regions: [.init(parent: nil)])
  let rehearsal = try Rehearsal.of(Marked().schedule(workload), workload)
  #expect(rehearsal.replayedSteps == 1)
  #expect(rehearsal.forwardSteps == 3)
}
