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

@Test(arguments: DTR.Heuristic.allCases.filter { $0 != .random })
func `what is evicted is what a look at every candidate finds`(heuristic: DTR.Heuristic) throws {
  var workloads = (0..<18).map {
    Workloads.random(6 + $0, seed: UInt64($0), mostResults: 1 + $0 % 3)
  }
  workloads += (0..<6).map { Workloads.randomChain(8 + 4 * $0, seed: UInt64($0)) }
  workloads += [Workloads.uniform(30), Workloads.dense(8), Workloads.recorded(16)]
  var kept = 0
  for workload in workloads {
    let table = StepTable(workload)
    let plain = try Liveness.peak(Array(0..<table.count), table)
    for percent in [95, 80, 65, 50, 35, 20] {
      var run = EvictionRun(table, limit: plain * percent / 100, heuristic)
      var direct = DirectEviction(table, limit: plain * percent / 100, heuristic)
      let order = try run.order()
      #expect(order == direct.order())
      if order != nil { kept += 1 }
    }
  }
  #expect(kept > 50)
}

@Test(arguments: [DTR.Heuristic.hDTR, .lru, .size, .msps, .random])
func `the work of a run grows as its computations times the logarithm of the stages`(
  heuristic: DTR.Heuristic
) throws {
  for stages in [250, 1000, 2000] {
    let logarithm = Double(Int.bitWidth - stages.leadingZeroBitCount)
    for workload in [Workloads.uniform(stages), Workloads.randomChain(stages, seed: 1)] {
      let table = StepTable(workload)
      let plain = try Liveness.peak(Array(0..<table.count), table)
      for part in [2, 10, Int(Double(stages).squareRoot()) / 2] {
        var run = EvictionRun(table, limit: plain / part, heuristic)
        let computes = try #require(try run.order()).count
        #expect(Double(run.work) < 4 * Double(computes) * logarithm)
      }
    }
  }
}

@Test func `a plan takes some twenty runs on a long chain, however long`() throws {
  for stages in [600, 1200] {
    let table = StepTable(Workloads.uniform(stages))
    for part in [2, 8] {
      var row = try EvictionRow(table, .hDTR)
      _ = try row.order(within: stages / part)
      #expect(row.runs <= 24)
    }
  }
}

@Test(arguments: DTR.Heuristic.allCases)
func `a tighter budget never costs less or peaks higher`(heuristic: DTR.Heuristic) throws {
  var workloads = (0..<20).map {
    Workloads.random(6 + $0, seed: UInt64($0), mostResults: 1 + $0 % 3)
  }
  workloads += (0..<3).map { Workloads.randomChain(10 + 6 * $0, seed: UInt64($0)) }
  for workload in workloads {
    let table = StepTable(workload)
    let plain = try Liveness.measure(Array(0..<table.count), table)
    var row = try EvictionRow(table, heuristic)
    var last = plain
    for budget in stride(from: plain.peak, through: 0, by: -max(1, plain.peak / 50)) {
      guard let order = try? row.order(within: budget) else { break }
      let found = try Liveness.measure(order, table)
      #expect(found.peak <= min(budget, last.peak))
      #expect(found.cost >= last.cost)
      last = found
    }
    var other = try EvictionRow(table, heuristic)
    #expect(try other.order(within: last.peak) == row.order(within: last.peak))
  }
}

@Test func `a tournament knows who is lowest, whatever changes while the clock runs`() throws {
  var random = SeededRandom(3)
  for ages in [true, false] {
    for count in [1, 2, 7, 30] {
      var tournament = KineticTournament(count, ages: ages)
      var players: [Int: (cost: Int, bytes: Int, since: Int)] = [:]
      var clock = 0
      for _ in 0..<600 {
        let player = random.below(count)
        switch random.below(4) {
        case 0:
          players[player] = nil
          tournament.remove(player, clock: clock)
        case 1, 2:
          let new = (random.below(6), 1 + random.below(5), clock - random.below(3))
          players[player] = new
          tournament.set(
            player, cost: Double(new.0), bytes: Double(new.1), since: new.2, clock: clock)
        default: clock += random.below(9)
        }
        func score(_ player: Int) -> Double {
          let (cost, bytes, since) = players[player] ?? (0, 1, 0)
          return Double(cost) / Double(bytes * (ages ? clock - since + 1 : 1))
        }
        let expected = players.keys.min { (score($0), $0) < (score($1), $1) }
        #expect(tournament.lowest(clock: clock) == expected)
      }
    }
  }
}

@Test func `linked sums are those of a walk along the row`() {
  var random = SeededRandom(4)
  for count in [1, 2, 5, 16, 21] {
    var sums = LinkedSums(count)
    var row = Array(repeating: (number: 0, isLinked: false), count: count)
    for _ in 0..<200 {
      let place = random.below(count)
      row[place] = (random.below(9), random.below(4) > 0)
      sums.set(place, row[place].number, isLinked: row[place].isLinked)
      let start = random.below(count)
      let end = row.indices.first { $0 >= start && !row[$0].isLinked }
      let walked = row[start...(end ?? count - 1)].reduce(0) { $0 + $1.number }
      #expect(sums.sum(from: start) == walked)
      if let end { #expect(sums.end(from: start) == end) }
      if end == nil { #expect(sums.end(from: start) >= count) }
    }
  }
}
