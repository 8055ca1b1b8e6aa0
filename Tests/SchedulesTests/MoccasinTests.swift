import Testing

@testable import Schedules

@Test(arguments: 0..<12)
func `moccasin lies between the proven optimum and what dtr does`(seed: Int) throws {
  let workload = Workloads.random(9, seed: UInt64(seed))
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  var (found, evicted) = (0, 0)
  for part in 6...10 {
    let budget = plain.peak * part / 10
    guard let schedule = try? Moccasin(budget: budget).schedule(workload) else { continue }
    let rehearsal = try Rehearsal.of(schedule, workload)
    #expect(rehearsal.peak <= budget)
    if let exact = try? Exact(budget: budget, states: 20_000).schedule(workload),
      case .provenOptimal(let least)? = exact.note
    {
      #expect(rehearsal.replayedCost >= least)
    }
    guard let dtr = try? DTR(budget: budget).schedule(workload) else { continue }
    found += rehearsal.replayedCost
    evicted += try Rehearsal.of(dtr, workload).replayedCost
  }
  #expect(found <= evicted)
}

@Test func `moccasin is the plain run where that fits`() throws {
  let workload = Workloads.dense(5)
  let plain = try KeepAll().schedule(workload)
  let peak = try Rehearsal.of(plain, workload).peak
  #expect(try Moccasin(budget: peak).schedule(workload).actions == plain.actions)
  #expect(try Moccasin(budget: .max).schedule(workload).actions == plain.actions)
}

@Test func `moccasin replays each of the stages it let go of once on a short chain`() throws {
  let workload = Workloads.uniform(16)
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
  let half = try Rehearsal.of(Moccasin(budget: plain / 2).schedule(workload), workload)
  #expect(half.peak <= plain / 2)
  #expect(half.replayedSteps < 16)
}
