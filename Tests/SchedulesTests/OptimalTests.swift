import Testing

@testable import Schedules

@Test func `the recurrence equals the exhaustive optimum on every published chain`() throws {
  for row in Oracles.chains {
    let (length, limit) = (try #require(row[0]), try #require(row[1]))
    let workload = Workloads.recorded(length)
    let table = StepTable(workload)
    let chain = try #require(try Chain.find(in: workload))
    let plain = try Liveness.peak(Array(0..<table.count), table)
    let costs = try ChainRecurrence.plans(of: chain, table, top: plain).compactMap { actions in
      let order = try #require(try ChainPlan(chain: chain, actions: actions).computes())
      let (peak, cost) = try Liveness.measure(order, table)
      return peak <= limit - 1 ? cost : nil
    }
    #expect(costs.min() == row[2], "\(row)")
    guard let least = row[2] else { continue }
    // The recurrence takes a stage's recording and its output together; the graph need not.
    let rehearsal = try Rehearsal.of(Optimal(budget: limit - 1).schedule(workload), workload)
    #expect(rehearsal.peak <= limit - 1)
    #expect(
      rehearsal.forwardCost + rehearsal.replayedCost + rehearsal.backwardCost <= least, "\(row)")
  }
}

/// Nets with unequal sizes, skips, regions and updates, and chains of unequal stages, where
/// gradients outweigh activations in some.
private func net(_ seed: Int) -> Workload {
  var random = SeededRandom(UInt64(seed))
  let length = 4 + random.below(10)
  switch seed % 4 {
  case 0: return Workloads.randomChain(length, seed: UInt64(seed))
  case 1: return Workloads.dense(length, bytes: 8 << random.below(5), weights: 1 << random.below(9))
  default: return Workloads.random(length + 4, seed: UInt64(seed), mostResults: 1 + seed % 3)
  }
}

/// Budgets over the range in which plans differ.
private func budgets(of workload: Workload, _ count: Int) throws -> [Int] {
  let table = StepTable(workload)
  let points = try Portfolio(workload, table, first: .layers).frontier.points
  let (least, most) = (points[0].peak, points[points.count - 1].peak)
  return (0...count).map { least + (most - least) * $0 / count }
}

@Test(arguments: 0..<200)
func `no strategy and no list of boundaries is cheaper than optimal within its budget`(
  seed: Int
) throws {
  let workload = net(seed)
  let table = StepTable(workload)
  var rivals: [(name: String, peak: Int, cost: Int)] = []
  func add(_ strategy: any Strategy) throws {
    guard let schedule = try? strategy.schedule(workload) else { return }
    let rehearsal = try Rehearsal.of(schedule, workload)
    rivals.append((strategy.spelling, rehearsal.peak, rehearsal.replayedCost))
  }
  for strategy in [KeepAll(), Marked()] as [any Strategy] { try add(strategy) }
  for name in ["matmul", "relu", "add"] {
    try add(Policy(.saveOnly, ops: [name]))
    try add(Policy(.recomputeOnly, ops: [name]))
  }
  for tenth in 0...10 { try add(Knapsack(share: Double(tenth) / 10)) }
  for cut in Chain.Cut.allCases {
    try add(SqrtN(cut: cut))
    try add(Bisect(cut: cut))
    try add(KeepNone(cut: cut))
    for number in 1...8 {
      try add(Every(number, cut: cut))
      try add(Revolve(slots: number, cut: cut))
      try add(Mixed(slots: number, cut: cut))
    }
    let chain = try #require(try Chain.find(in: workload, cut: cut))
    guard chain.length <= BoundaryLists.longest else { continue }
    let plain = try Liveness.measure(Array(0..<table.count), table).cost
    for number in 0..<1 << (chain.length - 1) {
      let kept = (1..<chain.length).filter { number >> ($0 - 1) & 1 == 1 }
      let plan = try ChainPlan.keeping(kept, in: chain)
      let order = try #require(try plan.computes())
      let (peak, cost) = try Liveness.measure(order, table)
      rivals.append(("\(cut) \(kept)", peak, cost - plain))
    }
  }
  for budget in try budgets(of: workload, 3) {
    let schedule = try Optimal(budget: budget).schedule(workload)
    let best = try Rehearsal.of(schedule, workload)
    #expect(best.peak <= budget)
    try add(Moccasin(budget: budget))
    try add(TWRemat(budget: budget))
    for heuristic in DTR.Heuristic.allCases {
      try add(DTR(budget: budget, heuristic: heuristic))
    }
    for rival in rivals where rival.peak <= budget && rival.cost < best.replayedCost {
      Issue.record("\(rival.name) replays \(rival.cost), optimal \(best.replayedCost) at \(budget)")
    }
    guard seed % 4 == 0 else { continue }
    let auto = try Rehearsal.of(Auto(budget: budget).schedule(workload), workload)
    let price = Double(auto.replayedCost) + Auto.defaultTransfer * Double(auto.tierTraffic)
    #expect(auto.peak <= budget)
    #expect(price <= Double(best.replayedCost))
  }
}

@Test func `optimal costs less as its budget rises`() throws {
  for seed in 0..<40 {
    let workload = net(seed)
    var last = Int.max
    for budget in try budgets(of: workload, 24) {
      let cost = try Rehearsal.of(Optimal(budget: budget).schedule(workload), workload).replayedCost
      #expect(cost <= last, "net \(seed) at \(budget)")
      last = cost
    }
  }
}

@Test func `optimal is nearly exact where exact proves`() throws {
  var (equal, count, total, least) = (0, 0, 0, 0)
  for seed in 0..<40 {
    let workload = net(seed)
    for budget in try budgets(of: workload, 5).dropLast() {
      let exact = try Exact(budget: budget, states: 20_000).schedule(workload)
      guard case .provenOptimal(let cost) = exact.note else { continue }
      let found = try Rehearsal.of(Optimal(budget: budget).schedule(workload), workload)
      #expect(found.replayedCost >= cost)
      count += 1
      equal += found.replayedCost == cost ? 1 : 0
      total += found.replayedCost
      least += cost
    }
  }
  #expect(count >= 100)
  #expect(equal * 100 >= count * 90, "\(equal) of \(count)")
  #expect(total * 100 <= least * 103, "\(total) against \(least)")
}
