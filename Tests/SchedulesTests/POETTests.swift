import Testing

@testable import Schedules

private let workloads: [Workload] =
  [Workloads.uniform(9), Workloads.recorded(6), Workloads.dense(7)]
  + (0..<4).map { Workloads.randomChain(5 + 2 * $0, seed: UInt64($0)) }
  + (0..<8).map { Workloads.random(6 + $0, seed: UInt64($0)) }
  + (0..<6).map { Workloads.random(6 + $0, seed: UInt64($0) + 100, mostResults: 3) }
  + (0..<3).map { RandomNets.net(least: 24, seed: UInt64($0)) }

@Test(arguments: workloads.indices)
func `an order with fetches comes to what its schedule does`(number: Int) throws {
  let workload = workloads[number]
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  let plainCost = plain.forwardCost + plain.backwardCost
  for transfer in [0.0, 0.25, 3] {
    let table = StepTable(workload, transfer: transfer)
    for point in try RetentionLevels.plans(of: workload, table).points {
      let moves = POET.moves(point.plan, table)
      let schedule = Schedule(actions: try Liveness.schedule(moves, in: workload))
      let rehearsal = try Rehearsal.of(schedule, workload)
      #expect(rehearsal.peak == point.peak)
      let price = rehearsal.price(transfer: transfer)
      #expect(abs(Double(point.cost - plainCost) - price) <= Double(schedule.actions.count))
    }
  }
}

@Test(arguments: workloads.indices)
func `poet keeps its budget, is never dearer than moccasin or offload, nor with more room`(
  number: Int
) throws {
  let workload = workloads[number]
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  for transfer in [0.0, 0.25, 3, 1e9] {
    func price(_ strategy: any Strategy, _ budget: Int) throws -> Double {
      let schedule = try Planning.unlessRefused { () throws(ScheduleError) in
        try strategy.schedule(workload)
      }
      guard let schedule else { return .infinity }
      let rehearsal = try Rehearsal.of(schedule, workload)
      #expect(rehearsal.peak <= budget)
      return rehearsal.price(transfer: transfer)
    }
    var last = Double.infinity
    for part in 4...10 {
      let budget = plain.peak * part / 10
      let found = try price(POET(budget: budget, transfer: transfer), budget)
      #expect(found <= last)
      #expect(found <= (try price(Moccasin(budget: budget), budget)))
      #expect(found <= (try price(Offload(budget: budget), budget)))
      last = found
    }
  }
}

@Test func `poet moves only where moving is free, and replays only where it is dear`() throws {
  let workload = Workloads.dense(8)
  let budget = try Rehearsal.of(KeepAll().schedule(workload), workload).peak * 6 / 10
  let free = try Rehearsal.of(POET(budget: budget, transfer: 0).schedule(workload), workload)
  #expect(free.replayedSteps == 0 && free.tierTraffic > 0)
  let dear = try Rehearsal.of(POET(budget: budget, transfer: 1e9).schedule(workload), workload)
  #expect(dear.replayedSteps > 0 && dear.tierTraffic == 0)
}

@Test func `poet replays the cheap from the dear, which it moves`() throws {
  let workload = Workload(steps: [
    Step(bytes: 8, cost: 10_000, label: "dear"),
    Step(inputs: [0], bytes: 8, cost: 1, label: "cheap"),
    Step(inputs: [1], bytes: 16, cost: 5, label: "top"),
    Step(inputs: [2], bytes: 8, cost: 5, phase: .backward, label: "a"),
    Step(inputs: [1, 3], bytes: 8, cost: 5, phase: .backward, label: "b"),
    Step(inputs: [0, 4], bytes: 8, cost: 5, phase: .backward, label: "c", isResult: true),
  ])
  let rehearsal = try Rehearsal.of(POET(budget: 24, transfer: 2).schedule(workload), workload)
  #expect(rehearsal.peak <= 24)
  #expect(rehearsal.replayedCost == 1)
  // One write and two fetches of 8 bytes.
  #expect(rehearsal.tierTraffic == 24)
}

/// A workload whose gradients are results in place of being applied.
private func withoutUpdates(_ workload: Workload) -> Workload {
  let updates = workload.steps.filter { $0.phase == .update }
  let read = Set(updates.flatMap(\.inputs))
  let marked = workload.withSteps { number, step in
    for (place, value) in workload.values(of: number).enumerated() where read.contains(value) {
      step.results[place].isResult = true
    }
  }
  return Workload(steps: marked.steps.filter { $0.phase != .update })
}

@Test func `poet comes close to the least price that there is`() throws {
  var (found, least, equal, count) = (0.0, 0.0, 0, 0)
  let small =
    (0..<12).map { withoutUpdates(Workloads.random(3 + $0 % 3, seed: UInt64($0))) }
    + (0..<3).map { Workloads.randomChain(3, seed: UInt64($0)) }
    + [Workloads.uniform(4), Workloads.uniform(5)]
  for workload in small where workload.valueCount <= 11 {
    let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
    for (part, transfer) in [(7, 0.25), (8, 1), (9, 0.25), (9, 1)] {
      let budget = plain.peak * part / 10
      let schedule = try Planning.unlessRefused { () throws(ScheduleError) in
        try POET(budget: budget, transfer: transfer).schedule(workload)
      }
      let best = LeastPrice(workload, budget: budget, transfer: transfer).price
      #expect((schedule == nil) == (best == nil))
      guard let schedule, let best else { continue }
      let price = try Rehearsal.of(schedule, workload).price(transfer: transfer)
      #expect(price >= best - 1e-6)
      found += price
      least += best
      equal += abs(price - best) < 1e-6 ? 1 : 0
      count += 1
    }
  }
  #expect(count >= 20)
  #expect(equal * 10 >= count * 9, "\(equal) of \(count)")
  #expect(found <= 1.02 * least, "\(found) where \(least) is the least")
}
