import Testing

@testable import Schedules

/// x → y → z (result), and the backward of y, z with an update of what x reads.
private let workload = Workload(steps: [
  Step(bytes: 1024, label: "x#0", reads: [0]),
  Step(inputs: [0], bytes: 1024, scratch: 100, label: "y#1", reusable: [0]),
  Step(inputs: [1], bytes: 4, label: "z#2", isResult: true),
  Step(
    inputs: [1], bytes: 1024, cost: 5, phase: .backward, label: "dy#3", reusable: [1],
    differentiates: 1),
  Step(
    inputs: [3, 0], bytes: 8, cost: 7, phase: .backward, label: "dw#4", isGradient: true,
    differentiates: 0),
  Step(inputs: [4], bytes: 0, phase: .update, label: "update#5", writes: 0, differentiates: 0),
])

private struct Case: Sendable, CustomTestStringConvertible {
  var actions: [Schedule.Action]
  var number: Int
  var reading: String
  var rule: String
  var testDescription: String { rule }
}

private func compute(_ steps: Int...) -> [Schedule.Action] {
  steps.map { .compute($0, reusing: nil) }
}

private let cases: [Case] = [
  Case(
    actions: compute(1), number: 0, reading: "compute y#1",
    rule: "inputs must be in memory: x#0 is not"),
  Case(
    actions: compute(0, 0), number: 1, reading: "compute x#0",
    rule: "a value in memory must not be made again: x#0 is there already"),
  Case(
    actions: [.free(2)], number: 0, reading: "free z#2",
    rule: "only what is in memory can be freed or moved: z#2 is not"),
  Case(
    actions: compute(0, 1) + [.compute(2, reusing: 1)], number: 2,
    reading: "compute z#2 in place of y#1",
    rule: "only a permitted input of equal bytes may be overwritten: y#1 may not"),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5) + [.free(0)] + compute(0), number: 7,
    reading: "compute x#0",
    rule: "what reads a parameter or a state keeps its side of the update: update#5"),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5, 5), number: 6, reading: "compute update#5",
    rule: "an update runs exactly once"),
  Case(
    actions: compute(0) + [.offload(0), .offload(0)], number: 2, reading: "offload x#0",
    rule: "a value is offloaded once: x#0 is on the slower tier already"),
  Case(
    actions: compute(0) + [.fetch(0)], number: 1, reading: "fetch x#0",
    rule: "only what was offloaded can be fetched: x#0 was not"),
  Case(
    actions: compute(0) + [.offload(0), .fetch(0)], number: 2, reading: "fetch x#0",
    rule: "a value in memory must not be made again: x#0 is there already"),
  Case(
    actions: compute(0, 1, 2) + [.free(0), .free(1)], number: 5, reading: "the end",
    rule: "every update runs exactly once: update#5 never ran"),
  Case(
    actions: compute(0, 1, 3, 4, 5) + [.free(0), .free(1), .free(3), .free(4)], number: 9,
    reading: "the end", rule: "every result is in memory at the end: z#2 is not"),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5) + [.free(0), .free(3), .free(4)], number: 9,
    reading: "the end", rule: "nothing but results is left at the end: y#1 is"),
  Case(
    actions: compute(9), number: 0, reading: "compute step 9",
    rule: "an action must name a step of the graph"),
]

@Test(arguments: cases)
private func `an illegal action is refused with its number, reading and rule`(
  given: Case
) throws {
  do {
    _ = try Rehearsal.of(Schedule(actions: given.actions), workload)
    Issue.record("not refused")
  } catch {
    guard case .illegal(let number, let reading, let rule, let memory) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(number == given.number)
    #expect(reading == given.reading)
    #expect(rule == given.rule)
    #expect(memory.hasPrefix("in memory: "))
  }
}

@Test func `the refusal lists what was in memory`() {
  #expect(
    throws: ScheduleError.illegal(
      action: 2, reading: "compute dw#4", rule: "inputs must be in memory: dy#3 is not",
      memory: "in memory: x#0 (1 KiB), y#1 (1 KiB)")
  ) { try Rehearsal.of(Schedule(actions: compute(0, 1, 4)), workload) }
}

@Test func `the timeline is exact, class by class`() throws {
  let schedule = try KeepAll().schedule(workload)
  #expect(
    schedule.printed(in: workload) == """
      0: compute x#0
      1: compute y#1
      2: compute z#2
      3: compute dy#3 in place of y#1
      4: compute dw#4
      5: free dy#3
      6: free x#0
      7: compute update#5
      8: free dw#4
      """)
  let rehearsal = try Rehearsal.of(schedule, workload)
  #expect(
    schedule.actions.indices.map { Array(rehearsal.holdings[$0]) }
      == [[.kept], [.kept], [.forward], [.adjoints], [.gradients], [], [], [], []])
  #expect(
    rehearsal.timeline.map(\.during.total) == [1024, 2148, 2052, 2052, 2060, 2060, 1036, 12, 12])
  #expect(rehearsal.timeline.map(\.after.total) == [1024, 2048, 2052, 2052, 2060, 1036, 12, 12, 4])
  #expect(rehearsal.timeline[1].during.workspace == 100)
  #expect(rehearsal.timeline[3].after.adjoints == 1024)
  #expect(rehearsal.timeline[3].after.kept == 1024)
  #expect(rehearsal.peak == 2148)
  #expect(rehearsal.peakAction == 1)
  #expect(rehearsal.forwardSteps == 3)
  #expect(rehearsal.backwardSteps == 3)
  #expect(rehearsal.backwardCost == 13)
}

@Test func `a value made again is replayed, one only read in the forward is forward`() throws {
  let actions = Liveness.schedule([0, 1, 2, 0, 1, 3, 4, 5], in: workload)
  let rehearsal = try Rehearsal.of(Schedule(actions: actions), workload)
  #expect(rehearsal.replayedSteps == 2)
  var classes: [Holding] = []
  for (number, action) in actions.enumerated() {
    if case .compute = action { classes += rehearsal.holdings[number].compactMap { $0 } }
  }
  #expect(classes == [.forward, .forward, .forward, .replayed, .replayed, .adjoints, .gradients])
}

@Test func `liveness drops what nobody reads and keeps updates`() {
  #expect(
    Liveness.schedule([0, 1, 0, 2], in: workload) == [
      .compute(0, reusing: nil), .compute(1, reusing: 0), .compute(2, reusing: nil), .free(1),
    ])
}
