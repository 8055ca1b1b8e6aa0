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
  var actions: ActionList
  var number: Int
  var reading: String?
  var rule: RehearsalRule
  var testDescription: String { "\(rule)" }
}

private func compute(_ steps: Int...) -> ActionList {
  ActionList(steps.lazy.map { Schedule.Action.compute($0, reusing: nil) })
}

private let cases: [Case] = [
  Case(
    actions: compute(1), number: 0, reading: "compute y#1",
    rule: .inputNotLive("x#0")),
  Case(
    actions: compute(0, 0), number: 1, reading: "compute x#0",
    rule: .alreadyLive("x#0")),
  Case(
    actions: [.free(2)], number: 0, reading: "free z#2",
    rule: .notLive("z#2")),
  Case(
    actions: compute(0, 1) + [.compute(2, reusing: 1)], number: 2,
    reading: "compute z#2 in place of y#1",
    rule: .mayNotReuse("y#1")),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5) + [.free(0)] + compute(0), number: 7,
    reading: "compute x#0",
    rule: .outOfOrder(update: "update#5")),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5, 5), number: 6, reading: "compute update#5",
    rule: .updatedTwice),
  Case(
    actions: compute(0) + [.offload(0), .offload(0)], number: 2, reading: "offload x#0",
    rule: .alreadyOnTier("x#0")),
  Case(
    actions: compute(0) + [.fetch(0)], number: 1, reading: "fetch x#0",
    rule: .notOnTier("x#0")),
  Case(
    actions: compute(0) + [.offload(0), .fetch(0)], number: 2, reading: "fetch x#0",
    rule: .alreadyLive("x#0")),
  Case(
    actions: compute(0, 1, 2) + [.free(0), .free(1)], number: 5, reading: nil,
    rule: .updateMissing("update#5")),
  Case(
    actions: compute(0, 1, 3, 4, 5) + [.free(0), .free(1), .free(3), .free(4)], number: 9,
    reading: nil, rule: .resultMissing("z#2")),
  Case(
    actions: compute(0, 1, 2, 3, 4, 5) + [.free(0), .free(3), .free(4)], number: 9,
    reading: nil, rule: .leftBehind("y#1")),
  Case(
    actions: compute(9), number: 0, reading: "compute step 9",
    rule: .noSuchStep),
]

@Test(arguments: cases)
private func `an illegal action is refused with its number, reading and rule`(
  given: Case
) throws {
  do {
    _ = try Rehearsal.of(Schedule(actions: given.actions), workload)
    Issue.record("not refused")
  } catch {
    guard case .illegal(let illegal) = error,
      case .graph(let rule, let reading, live: _) = illegal.breach
    else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(illegal.number == given.number)
    #expect(reading == given.reading)
    #expect(rule == given.rule)
  }
}

@Test func `the refusal lists what was in memory`() {
  #expect(
    throws: ScheduleError.illegal(
      .init(
        number: 2,
        breach: .graph(
          .inputNotLive("dy#3"), by: "compute dw#4",
          live: [.init(label: "x#0", bytes: 1024), .init(label: "y#1", bytes: 1024)])))
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
  let actions = try Liveness.schedule([0, 1, 2, 0, 1, 3, 4, 5], in: workload)
  let rehearsal = try Rehearsal.of(Schedule(actions: actions), workload)
  #expect(rehearsal.replayedSteps == 2)
  var classes: [Holding] = []
  for (number, action) in actions.enumerated() {
    if case .compute = action { classes += rehearsal.holdings[number].compactMap { $0 } }
  }
  #expect(classes == [.forward, .forward, .forward, .replayed, .replayed, .adjoints, .gradients])
}

@Test func `liveness drops what nobody reads and keeps updates`() throws {
  #expect(
    try Liveness.schedule([0, 1, 0, 2], in: workload) == [
      .compute(0, reusing: nil), .compute(1, reusing: 0), .compute(2, reusing: nil), .free(1),
    ])
}
