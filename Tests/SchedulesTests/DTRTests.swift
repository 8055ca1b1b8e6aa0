import Testing

@testable import Schedules

/// Replays of one run on a uniform chain with room for 2√n tensors and the value in the making.
private func replays(_ length: Int, _ heuristic: DTR.Heuristic) throws -> Int {
  let workload = Workloads.uniform(length)
  let room = 2 * Int(Double(length).squareRoot()) + 1
  var run = EvictionRun(StepTable(workload), limit: room, heuristic)
  let order = try run.order()
  return try #require(order).count - workload.steps.count
}

// Kirisame et al. 2021 give 8, 49, 230 for h_dtr and 11, 161, 1982 for lru. Here a value that
// nothing reads again is freed at once, so that the counts come out a little lower, and lru's much
// lower.
@Test(arguments: [(16, 8), (64, 49), (256, 230)])
func `h_dtr replays fewer than n on a chain of n with 2√n tensors, within the published counts`(
  length: Int, published: Int
) throws {
  let count = try replays(length, .hDTR)
  #expect(count <= published)
  #expect(count >= published * 9 / 10)
  #expect(count < length)
}

@Test(arguments: [(16, 11), (64, 161), (256, 1982)])
func `lru replays no more than published`(length: Int, published: Int) throws {
  #expect(try replays(length, .lru) <= published)
}

@Test func `lru replays grow far faster than h_dtr's`() throws {
  #expect(try replays(256, .lru) > 4 * (try replays(256, .hDTR)))
  #expect(try replays(16, .lru) < 2 * (try replays(16, .hDTR)))
}

@Test(arguments: DTR.Heuristic.allCases)
func `every heuristic keeps its limit and is the same every time`(
  heuristic: DTR.Heuristic
) throws {
  for seed in 0..<12 {
    let workload = Workloads.random(12, seed: UInt64(seed))
    let table = StepTable(workload)
    let plain = try Liveness.peak(Array(0..<table.count), table)
    for limit in [plain, plain * 9 / 10, plain * 3 / 4] {
      var run = EvictionRun(table, limit: limit, heuristic)
      guard let order = try run.order() else { continue }
      #expect(try Liveness.peak(order, table) <= limit)
      var again = EvictionRun(table, limit: limit, heuristic)
      let repeated = try again.order()
      #expect(repeated == order)
    }
  }
}
