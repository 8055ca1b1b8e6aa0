import Testing

@testable import Schedules

/// x → norm (y and its statistics) → loss, as a normalisation has it: y is read by the loss and by
/// the loss's backward, the statistics by the norm's backward.
private let norm = Workload(
  steps: [
    Step(bytes: 1000, label: "x#0"),
    Step(
      inputs: [0], results: [.init(bytes: 1000), .init(bytes: 10), .init(bytes: 20)], scratch: 5,
      cost: 7, label: "norm#1", operation: "norm", resultNames: ["mean", "scale"], region: 0),
    Step(inputs: [1], bytes: 4, label: "loss#2", isResult: true),
    Step(
      inputs: [1], bytes: 1000, phase: .backward, label: "dloss#3", reusable: [1],
      differentiates: 2),
    Step(
      inputs: [5, 0, 2, 3], bytes: 1000, phase: .backward, label: "dnorm#4", isResult: true,
      isGradient: true, reusable: [5], differentiates: 1),
  ], regions: [.init(parent: nil)])

private func rehearsed(_ actions: ActionList) throws -> Rehearsal {
  try Rehearsal.of(Schedule(actions: actions), norm)
}

@Test func `values are numbered over steps and results`() {
  #expect(norm.valueCount == 7)
  #expect(norm.forwardValueCount == 5)
  #expect(norm.values(of: 1) == 1..<4)
  #expect((0..<7).map(norm.maker) == [0, 1, 1, 1, 2, 3, 4])
  #expect(norm.label(ofValue: 3) == "norm#1.scale")
}

@Test func `results die at different times, each with its own class`() throws {
  let schedule = try KeepAll().schedule(norm)
  #expect(
    schedule.printed(in: norm) == """
      0: compute x#0
      1: compute norm#1
      2: compute loss#2
      3: compute dloss#3 in place of norm#1
      4: compute dnorm#4 in place of dloss#3
      5: free x#0
      6: free norm#1.mean
      7: free norm#1.scale
      """)
  let rehearsal = try Rehearsal.of(schedule, norm)
  #expect(
    rehearsal.timeline.map(\.during.total) == [1000, 2035, 2034, 2034, 2034, 2034, 1034, 1024])
  #expect(
    rehearsal.timeline.map(\.after.total) == [1000, 2030, 2034, 2034, 2034, 1034, 1024, 1004])
  #expect(
    schedule.actions.indices.map { Array(rehearsal.holdings[$0]) } == [
      [.kept], [.kept, .kept, .kept], [.forward], [.adjoints], [.gradients], [], [], [],
    ])
  #expect(rehearsal.kept == 2030)
}

@Test func `one result is kept and the other is not`() throws {
  // The loss's backward does not read y here: y dies in the forward, the statistics stay.
  var steps = norm.steps
  steps[3].inputs = []
  steps[3].reusable = []
  let workload = Workload(steps: steps)
  let schedule = try KeepAll().schedule(workload)
  let rehearsal = try Rehearsal.of(schedule, workload)
  #expect(Array(rehearsal.holdings[1]) == [.forward, .kept, .kept])
  #expect(schedule.actions[3] == .free(1))
  #expect(rehearsal.timeline[3].after.kept == 1030)
  #expect(rehearsal.timeline[3].after.forward == 4)
}

@Test func `a result that nothing reads is freed right after it is made`() throws {
  var steps = norm.steps
  steps[4].inputs = [5, 0, 3]
  let workload = Workload(steps: steps)
  let schedule = try KeepAll().schedule(workload)
  #expect(Array(schedule.actions[1...2]) == [.compute(1, reusing: nil), .free(2)])
  let rehearsal = try Rehearsal.of(schedule, workload)
  #expect(rehearsal.timeline[1].during.total == 2035)
  #expect(rehearsal.timeline[2].after.total == 2020)
}

@Test func `a replay brings back all results at once`() throws {
  let schedule = try Marked().schedule(norm)
  #expect(
    schedule.printed(in: norm) == """
      0: compute x#0
      1: compute norm#1
      2: free norm#1.mean
      3: free norm#1.scale
      4: compute loss#2
      5: compute dloss#3 in place of norm#1
      6: compute norm#1
      7: free norm#1
      8: compute dnorm#4 in place of dloss#3
      9: free x#0
      10: free norm#1.mean
      11: free norm#1.scale
      """)
  let rehearsal = try Rehearsal.of(schedule, norm)
  #expect(Array(rehearsal.holdings[6]) == [.replayed, .replayed, .replayed])
  #expect(rehearsal.timeline[6].during.total == 1000 + 4 + 1000 + 1030 + 5)
  #expect(rehearsal.timeline[7].after.replayed == 30)
  #expect(rehearsal.replayedSteps == 1)
  #expect(rehearsal.replayedCost == 7)
}

@Test func `a result that is in memory stays as it is when its step runs again`() throws {
  let rehearsal = try rehearsed([
    .compute(0, reusing: nil), .compute(1, reusing: nil), .free(2), .compute(2, reusing: nil),
    .compute(1, reusing: nil), .compute(3, reusing: 1), .compute(4, reusing: 5), .free(0), .free(2),
    .free(3),
  ])
  #expect(Array(rehearsal.holdings[4]) == [nil, .replayed, nil])
  #expect(rehearsal.timeline[4].after.replayed == 10)
  #expect(rehearsal.timeline[4].after.kept == 2020)
  #expect(rehearsal.timeline[4].during.total == 2034 + 5)
}

@Test func `one of several results is offloaded and fetched`() throws {
  let actions = try Liveness.schedule(
    [
      .compute(0, reusing: nil), .compute(1, reusing: nil), .offload(3), .compute(2, reusing: nil),
      .compute(3, reusing: nil), .fetch(3), .compute(4, reusing: nil),
    ], in: norm)
  #expect(
    Schedule(actions: actions).printed(in: norm) == """
      0: compute x#0
      1: compute norm#1
      2: offload norm#1.scale
      3: free norm#1.scale
      4: compute loss#2
      5: compute dloss#3 in place of norm#1
      6: fetch norm#1.scale
      7: compute dnorm#4 in place of dloss#3
      8: free x#0
      9: free norm#1.mean
      10: free norm#1.scale
      """)
  let rehearsal = try rehearsed(actions)
  #expect(rehearsal.tierPeak == 20)
  #expect(rehearsal.tierTraffic == 40)
  #expect(rehearsal.timeline[4].after.total == 2014)
  #expect(Array(rehearsal.holdings[2]) == [.forward])
  #expect(Array(rehearsal.holdings[6]) == [.kept])
}

@Test func `only the first result takes an input's storage over, and only where it is new`() throws
{
  let inPlace = Workload(steps: [
    Step(bytes: 8, label: "x"),
    Step(
      inputs: [0], results: [.init(bytes: 8), .init(bytes: 8)], label: "y",
      resultNames: ["mask"], reusable: [0]),
    Step(inputs: [1, 2], bytes: 8, label: "loss", isResult: true),
  ])
  #expect(try Liveness.schedule([0, 1, 2], in: inPlace)[1] == .compute(1, reusing: 0))
  #expect(throws: ScheduleError.self) {
    // y is in memory: it has a storage already.
    try Rehearsal.of(
      Schedule(actions: [
        .compute(0, reusing: nil), .compute(1, reusing: nil), .free(2), .compute(1, reusing: 0),
      ]), inPlace)
  }
  #expect(throws: ScheduleError.self) {
    // Both are in memory: there is nothing to make.
    try Rehearsal.of(
      Schedule(actions: [
        .compute(0, reusing: nil), .compute(1, reusing: nil), .compute(1, reusing: nil),
      ]), inPlace)
  }
}

@Test func `a policy keeps one result by its name and drops the other`() throws {
  var steps = norm.steps
  steps[1] = Step(
    inputs: [0], results: steps[1].results, label: "norm#1", operation: "norm",
    names: [1: "mean"])
  let workload = Workload(steps: steps)
  let schedule = try Policy(.saveOnly, names: ["mean"]).schedule(workload)
  let rehearsal = try Rehearsal.of(schedule, workload)
  #expect(rehearsal.replayedSteps == 2)
  #expect(throws: ScheduleError.unknown(.value, name: "men", known: ["mean"])) {
    try Policy(.recomputeOnly, names: ["men"]).schedule(workload)
  }
}

@Test func `the workload prints each of several results`() {
  #expect(
    norm.printed.split(separator: "\n")[1]
      == "1: forward norm#1(x#0) norm#1 1000 B + norm#1.mean 10 B + norm#1.scale 20 B, "
      + "scratch 5 B, 7 FLOPs"
  )
}
