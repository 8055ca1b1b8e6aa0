/// A search for the cheapest replays of a graph under a budget: what `exact` rests on, offered to
/// others with an incumbent and a limit.
///
/// The problem is that of Checkmate (Jain et al. 2020, section 4): steps run for the first time in
/// the order of the graph, backward steps once; any forward value may be evicted and computed again
/// at any time, in any order. The search is A* over what is in memory between two computations,
/// with the moves of `SearchMoves`, the bound of `CoverBound` and the dominance of `SearchMemory`.
/// A narrow pass comes first, for an incumbent: only the best of each step are followed.
struct GraphSearch: Sendable {
  /// What a search came to.
  struct Answer: Equatable {
    /// The cheapest order found that is cheaper than the incumbent, and what its replays cost.
    var order: [Int]?
    /// FLOPs replayed by it.
    var cost: Int?
    /// No order within the budget costs less, in FLOPs of replays; `nil` where there is none.
    var bound: Int?
    /// No order is cheaper than the one found, or than the incumbent where none was.
    var isProven: Bool
    /// States that were held.
    var states: Int
  }

  /// What is searched.
  let graph: SearchGraph

  /// A graph of at most `SearchGraph.mostSteps` steps and values.
  init(_ workload: Workload, _ table: StepTable) { graph = SearchGraph(workload, table) }

  /// What no order peaks below, in bytes: what some step has in memory whatever is chosen.
  var leastBudget: Int {
    (0..<graph.table.count).lazy.filter { graph.isNeeded[$0] }
      .map { ForcedReplays($0, graph).fixed }.max() ?? 0
  }

  /// The cheapest order whose peak fits the budget and whose replays cost less than the incumbent,
  /// in FLOPs; `nil` stands for no incumbent.
  ///
  /// Stops once it holds more than `mostStates` states: a count, so that the answer is the same on
  /// every machine.
  func cheapest(
    budget: Int, below incumbent: Int? = nil, mostStates: Int
  ) throws(ScheduleError) -> Answer {
    var pass = try Pass(graph, budget: budget, isCostly: true)
    pass.mostCost = (incumbent ?? .max) - 1
    guard let root = pass.root, root <= pass.mostCost else {
      return Answer(bound: incumbent, isProven: true, states: 0)
    }
    pass.width = min(Self.width, mostStates)
    let narrow = try pass.run(mostStates: mostStates)
    if let found = narrow.found {
      pass.mostCost = found.cost - 1
      if root > pass.mostCost {
        return Answer(
          order: found.order, cost: found.cost, bound: found.cost, isProven: true,
          states: narrow.states)
      }
    }
    pass.width = nil
    let whole = try pass.run(mostStates: mostStates)
    let found = whole.found ?? narrow.found
    let isProven = whole.bound == nil
    return Answer(
      order: found?.order, cost: found?.cost,
      bound: isProven ? found?.cost ?? incumbent : whole.bound, isProven: isProven,
      states: narrow.states + whole.states)
  }

  /// Some order whose peak fits the budget, whatever its replays cost.
  func any(budget: Int, mostStates: Int) throws(ScheduleError) -> Answer {
    var pass = try Pass(graph, budget: budget, isCostly: false)
    pass.isDeep = true
    guard pass.root != nil else { return Answer(isProven: true, states: 0) }
    let result = try pass.run(mostStates: mostStates)
    return Answer(
      order: result.found?.order, cost: result.found?.cost, bound: 0,
      isProven: result.bound == nil, states: result.states)
  }

  /// States of each step that the narrow pass follows.
  private static let width = 200
}
