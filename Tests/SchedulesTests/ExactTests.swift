import Testing

@testable import Schedules

/// The least cost of replays by trying everything: an independent search that frees whatever and
/// whenever it likes.
private func leastByTrying(_ workload: Workload, budget: Int) -> Int? {
  struct State: Hashable {
    var next: Int
    var live: Set<Int>
  }
  // States by cost, so that the cheapest open one is at hand.
  var open: [Int: [State]] = [0: [State(next: 0, live: [])]]
  var closed: Set<State> = []
  while let cost = open.keys.min() {
    guard let state = open[cost]?.popLast() else {
      open[cost] = nil
      continue
    }
    guard closed.insert(state).inserted else { continue }
    if state.next == workload.steps.count { return cost }
    let used = state.live.reduce(0) { $0 + workload.value($1).bytes }
    for step in 0...state.next {
      let given = workload.steps[step]
      let new = workload.values(of: step).filter { !state.live.contains($0) }
      let made = new.reduce(0) { $0 + workload.value($1).bytes }
      guard step == state.next || (given.phase == .forward && !new.isEmpty),
        given.inputs.allSatisfy(state.live.contains), used + made + given.scratch <= budget
      else { continue }
      let isBlocked = workload.steps[0..<state.next].contains { other in
        other.writes.map { given.reads.contains($0) && step != state.next } ?? false
      }
      if isBlocked { continue }
      var after = state
      if step == state.next { after.next += 1 }
      after.live.formUnion(new)
      open[cost + (step == state.next ? 0 : given.cost), default: []].append(after)
    }
    for value in state.live where !workload.value(value).isResult {
      var after = state
      after.live.remove(value)
      open[cost, default: []].append(after)
    }
  }
  return nil
}

/// A small workload without in-place reuse, in which every step is needed.
private func small(_ count: Int, seed: UInt64, mostResults: Int = 1) -> Workload {
  let workload = Workloads.random(count, seed: seed, mostResults: mostResults)
  let read = Set(workload.steps.flatMap(\.inputs))
  let steps = workload.steps.enumerated().map { number, step in
    var step = step
    step.reusable = []
    if step.phase == .backward {
      for (place, value) in workload.values(of: number).enumerated() where !read.contains(value) {
        step.results[place].isResult = true
      }
    }
    return step
  }
  return Workload(
    steps: steps, regions: workload.regions, marks: workload.marks,
    inputBytes: workload.inputBytes)
}

@Test(arguments: 0..<16)
func `exact equals the least found by trying everything`(seed: Int) throws {
  let workload = small(
    3 + seed % 2, seed: UInt64(seed) + 40, mostResults: seed < 8 ? 1 : 2)
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
  for part in [10, 9, 8, 7, 6] {
    let budget = plain * part / 10
    let least = leastByTrying(workload, budget: budget)
    do {
      let schedule = try Exact(budget: budget).schedule(workload)
      let rehearsal = try Rehearsal.of(schedule, workload)
      #expect(rehearsal.peak <= budget)
      var seen: Set<Int> = []
      let firsts = schedule.actions.compactMap { action -> Int? in
        guard case .compute(let step, reusing: _) = action else { return nil }
        return seen.insert(step).inserted ? step : nil
      }
      if firsts == firsts.sorted() {
        #expect(rehearsal.replayedCost == least)
      } else {
        // Another strategy's, whose order of the steps needs fewer replays than any in theirs.
        #expect(rehearsal.replayedCost < least ?? .max)
      }
    } catch {
      #expect(least == nil)
    }
  }
}

@Test(arguments: 0..<4)
func `exact is never dearer than optimal on a chain, and never peaks higher for less`(
  seed: Int
) throws {
  let workload = Workloads.randomChain(6, seed: UInt64(seed))
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
  var last = Int.max
  for budget in stride(from: plain, to: plain / 3, by: -max(1, plain / 24)) {
    guard let schedule = try? Optimal(budget: budget).schedule(workload) else { break }
    let best = try Rehearsal.of(schedule, workload)
    let exact = try Rehearsal.of(Exact(budget: budget).schedule(workload), workload)
    #expect(exact.replayedCost <= best.replayedCost)
    #expect(exact.peak <= min(last, budget))
    last = exact.peak
  }
}

@Test func `the least of exact is feasible, and one byte less is refused`() throws {
  let workload = small(5, seed: 11)
  var least = 0
  do {
    _ = try Exact(budget: 1).schedule(workload)
  } catch {
    if case .impossible(_, let reached, _) = error { least = reached }
  }
  let rehearsal = try Rehearsal.of(Exact(budget: least).schedule(workload), workload)
  #expect(rehearsal.peak == least)
  #expect(throws: ScheduleError.impossible(budget: least - 1, least: least, isProven: true)) {
    try Exact(budget: least - 1).schedule(workload)
  }
}

@Test func `exact says what it proved`() throws {
  let workload = Workloads.recorded(4)
  #expect(
    try Exact(budget: 100).schedule(workload).note == .provenOptimal(replayedCost: 0))
}

@Test func `without room for states exact gives the best other plan and the gap`() throws {
  let workload = Workloads.randomChain(40, seed: 2)
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
  let schedule = try Exact(budget: plain / 2, states: 1).schedule(workload)
  #expect(try Rehearsal.of(schedule, workload).peak <= plain / 2)
  guard case .notProvenOptimal(states: 1, _, bound: let bound, gap: let gap)? = schedule.note else {
    Issue.record("\(String(describing: schedule.note))")
    return
  }
  #expect(bound >= 0 && gap >= 0 && gap < 1)
  #expect(schedule.note?.reading.contains("ended at its limit of 1 states") == true)
}

@Test func `a graph too large for exact is refused with the limit`() {
  #expect(throws: ScheduleError.limit(.stepsOfExact(256))) {
    try Exact(budget: 100).schedule(Workloads.uniform(200))
  }
}

@Test(arguments: 0..<12)
func `optimal reaches the least budget of exact on short chains`(seed: Int) throws {
  let workload = Workloads.randomChain(4 + seed % 3, seed: UInt64(seed) + 77)
  func least(_ strategy: any Strategy) -> Int? {
    do {
      _ = try strategy.schedule(workload)
      return nil
    } catch {
      if case .impossible(_, let least, _) = error { return least }
      return nil
    }
  }
  let reached = try #require(least(Exact(budget: 1)))
  #expect(least(Optimal(budget: 1)) == reached)
}
