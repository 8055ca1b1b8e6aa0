import Testing

@testable import Schedules

/// The plain peak, and budgets between it and what some step needs, in percent of the way up.
private func budgets(_ search: GraphSearch, _ table: StepTable, _ parts: [Int]) throws -> [Int] {
  let most = try Liveness.peak(Array(0..<table.count), table)
  let least = search.leastBudget
  return parts.map { least + (most - least) * $0 / 100 }
}

@Test(arguments: 0..<8)
func `the bound at the start is never above the proven cost, which an incumbent does not change`(
  seed: Int
) throws {
  let workload =
    seed < 3
    ? RandomNets.net(least: 16 + seed, seed: UInt64(seed))
    : Workloads.random(6, seed: UInt64(seed) + 300, mostResults: 1 + seed % 3)
  let table = StepTable(workload)
  let search = GraphSearch(workload, table)
  let plain = try Liveness.measure(Array(0..<table.count), table).cost
  for budget in try budgets(search, table, [75, 45]) {
    let answer = try search.cheapest(budget: budget, mostStates: 50_000)
    #expect(answer.isProven)
    guard let order = answer.order, let cost = answer.cost else {
      #expect(try search.any(budget: budget, mostStates: 50_000).order == nil)
      continue
    }
    let measured = try Liveness.measure(order, table)
    #expect(measured.peak <= budget)
    #expect(measured.cost == plain + cost)
    #expect(answer.bound == cost)
    let root = CoverBound(search.graph, budget: budget).bound(next: 0, live: ValueSet())
    #expect(try #require(root) <= cost)
    let nothing = try search.cheapest(budget: budget, below: cost, mostStates: 50_000)
    #expect(nothing.isProven && nothing.order == nil && nothing.bound == cost)
    let equal = try search.cheapest(budget: budget, below: cost + 1, mostStates: 50_000)
    #expect(equal.cost == cost)
    let any = try #require(try search.any(budget: budget, mostStates: 50_000).order)
    #expect(try Liveness.peak(any, table) <= budget)
  }
}

@Test(arguments: 0..<3)
func `the bound of a search that is stopped is never above the proven cost`(seed: Int) throws {
  let workload = RandomNets.net(least: 20, seed: UInt64(seed) + 50)
  let table = StepTable(workload)
  let search = GraphSearch(workload, table)
  let budget = try #require(try budgets(search, table, [55]).first)
  let proven = try search.cheapest(budget: budget, mostStates: 100_000)
  let cost = try #require(proven.cost)
  for states in [1, 40] {
    let answer = try search.cheapest(budget: budget, mostStates: states)
    #expect(try #require(answer.bound) <= cost)
    #expect(answer.cost.map { $0 >= cost } ?? true)
    #expect(!answer.isProven || answer.cost == cost)
  }
}

@Test func `a maximal flow goes back over what was sent first`() {
  // 0 → 1 → 2 → 3 is found first; the maximum needs 1 → 3 and 2 ← 0 in its place.
  var network = MaximalFlow(nodes: 4)
  network.connect(0, 1, 1)
  let middle = network.connect(1, 2, 1)
  network.connect(2, 3, 1)
  network.connect(0, 2, 1)
  network.connect(1, 3, 1)
  #expect(network.fill(from: 0, to: 3) == 2)
  #expect(network.flow(middle) == 0)
}

@Test func `a graph of few steps that make too many values is refused with its own limit`() {
  let steps = (0..<90).map { number in
    Step(
      results: StepResults((0..<3).map { _ in Step.Value(bytes: 1, isResult: true) }),
      label: "f#\(number)")
  }
  #expect(throws: ScheduleError.limit(.valuesOfExact(256))) {
    try Exact(budget: 100).schedule(Workload(steps: steps))
  }
}
