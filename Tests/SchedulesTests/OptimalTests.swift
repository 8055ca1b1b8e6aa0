import Testing

@testable import Schedules

@Test func `optimal equals the exhaustive optimum on every published chain`() throws {
  for row in Oracles.chains {
    let (length, limit) = (try #require(row[0]), try #require(row[1]))
    let workload = Workloads.recorded(length)
    let strategy = Optimal(budget: limit - 1)
    guard let least = row[2] else {
      #expect(throws: ScheduleError.self, "\(row)") { try strategy.schedule(workload) }
      continue
    }
    let rehearsal = try Rehearsal.of(strategy.schedule(workload), workload)
    #expect(rehearsal.peak <= limit - 1)
    let forward = rehearsal.forwardCost + rehearsal.replayedCost
    #expect(forward + rehearsal.backwardCost == least, "\(row)")
  }
}
