/// The plans of the strategies of the catalogue on one workload that need neither a budget nor
/// names, and the best of them for any budget.
///
/// Tried are `keep_all`, `marked`, `keep_none`, `every`, `sqrt_n`, `bisect`, `revolve` and `mixed`
/// over layers and over operations, `save_only` for lists of operations, the plans of
/// `ChainRecurrence`, on graphs of up to 20,000 steps `knapsack` for each tenth, on graphs of up to
/// 1000 steps the plans of `twremat`, and on graphs of up to 400 steps all runs of `dtr`. They do
/// not depend on the budget, so a choice among them never costs less for a tighter one.
struct Portfolio {
  /// A plan with the call that makes it.
  struct Entry {
    let spelling: String
    /// What it computes.
    let plan: Plan
    /// Highest bytes of the schedule alone.
    let peak: Int
    /// FLOPs of all that is computed.
    let cost: Int
  }

  /// How a plan is held.
  enum Plan {
    case order([Int])
    case chain(Chain, [ChainAction])

    /// The order of computing; `nil` where it would be too long.
    func order() throws(ScheduleError) -> [Int]? {
      switch self {
      case .order(let order): order
      case .chain(let chain, let actions):
        try ChainPlan(chain: chain, actions: actions).computes()
      }
    }

    /// The plan as a schedule.
    func schedule(for workload: Workload) throws(ScheduleError) -> Schedule {
      switch self {
      case .order(let order): Schedule(actions: try Liveness.schedule(order, in: workload))
      case .chain(let chain, let actions):
        try ChainPlan(chain: chain, actions: actions).schedule(for: workload)
      }
    }
  }

  /// The plans that no other beats in both peak and cost; of equals the first tried, which is the
  /// easiest to follow.
  private(set) var frontier = Frontier<Entry>()
  /// The chains the workload was cut into.
  private(set) var chains: [Chain] = []
  /// The cut whose chain was tried first.
  let first: Chain.Cut
  /// FLOPs of the plain run, which replays nothing.
  private(set) var plainCost = 0
  private let table: StepTable
  private var scan: OrderScan

  /// Those of a workload, which are tried once for all strategies that ask.
  static func of(
    _ workload: Workload, _ table: StepTable, first: Chain.Cut
  ) throws(ScheduleError) -> Portfolio {
    try Planning.once(.portfolio(first), of: workload) { () throws(ScheduleError) in
      try Portfolio(workload, table, first: first)
    }
  }

  /// Tries all of them, the chain of `first` before that of the other cut.
  init(_ workload: Workload, _ table: StepTable, first: Chain.Cut) throws(ScheduleError) {
    self.table = table
    self.first = first
    scan = OrderScan(table)
    try add(KeepAll().spelling, Array(0..<table.count))
    plainCost = frontier.points[0].cost
    if !workload.regions.isEmpty { try add(Marked(), workload) }
    for cut in [first] + Chain.Cut.allCases.filter({ $0 != first }) {
      guard let chain = try Chain.find(in: workload, cut: cut), !chains.contains(chain) else {
        continue
      }
      chains.append(chain)
      for strategy in Self.strategies(chain, cut) {
        try Planning.checkCancellation()
        // Too long a plan is no candidate.
        let actions = try Planning.unlessRefused { () throws(ScheduleError) in
          try strategy.actions(for: chain)
        }
        if let actions { try add(strategy.spelling, chain, actions) }
      }
      let spelling = Spelling.call("optimal", [], cut: cut)
      let plain = frontier.points.last?.peak ?? 0
      for actions in try ChainRecurrence.plans(of: chain, table, top: plain) {
        try add(spelling, chain, actions)
      }
    }
    for policy in Self.policies(workload) { try add(policy, workload) }
    if table.count <= Self.mostStepsForShares {
      for tenth in 0..<10 { try add(try Knapsack(share: Double(tenth) / 10), workload) }
    }
    if table.count <= Self.mostStepsForDivision {
      let spelling = "twremat"
      for point in try TWRemat.plans(of: workload, table).points { try add(spelling, point.plan) }
    }
    guard table.count <= Self.mostStepsForAllRuns else { return }
    for heuristic in DTR.Heuristic.allCases {
      let spelling = DTR(budget: 0, heuristic: heuristic).named
      var row = try EvictionRow(table, heuristic)
      for order in try row.orders() { try add(spelling, order) }
    }
  }

  /// Steps of the largest graph on which all runs of `dtr` are tried, by all its heuristics.
  private static let mostStepsForAllRuns = 400

  /// Steps of the largest graph on which `knapsack` is tried.
  private static let mostStepsForShares = 20_000

  /// Steps of the largest graph on which `twremat` is tried.
  private static let mostStepsForDivision = 1000

  private mutating func add(_ strategy: any Strategy, _ workload: Workload) throws(ScheduleError) {
    try Planning.checkCancellation()
    let planned = try Planning.unlessRefused { () throws(ScheduleError) in
      try strategy.schedule(workload)
    }
    guard let schedule = planned else { return }
    try add(
      strategy.spelling,
      schedule.actions.compactMap {
        if case .compute(let step, reusing: _) = $0 { step } else { nil }
      })
  }

  private mutating func add(_ spelling: String, _ order: [Int]) throws(ScheduleError) {
    let figures = try scan.measure(order)
    frontier.add(
      peak: figures.peak, cost: figures.cost,
      Entry(spelling: spelling, plan: .order(order), peak: figures.peak, cost: figures.cost))
  }

  private mutating func add(
    _ spelling: String, _ chain: Chain, _ actions: [ChainAction]
  ) throws(ScheduleError) {
    guard let order = try ChainPlan(chain: chain, actions: actions).computes() else { return }
    let figures = try scan.measure(order)
    frontier.add(
      peak: figures.peak, cost: figures.cost,
      Entry(
        spelling: spelling, plan: .chain(chain, actions), peak: figures.peak, cost: figures.cost))
  }
}

extension Portfolio {
  /// Stages of the longest chain on which strategies are tried whose work grows with the square of
  /// its length, and of the longest on which every number of a strategy is tried.
  private static let (longest, longestForAll) = (256, 64)

  /// The strategies tried on a chain, those that are easier to follow first.
  private static func strategies(_ chain: Chain, _ cut: Chain.Cut) -> [any ChainStrategy] {
    let length = chain.length
    var strategies: [any ChainStrategy] = [SqrtN(cut: cut), Bisect(cut: cut)]
    if length <= longest { strategies.append(KeepNone(cut: cut)) }
    var ks = Array(1...min(length, longestForAll))
    if length > longestForAll { ks += (1...32).map { ($0 * length + 31) / 32 } }
    for k in Set(ks).sorted() {
      if let every = try? Every(k, cut: cut) { strategies.append(every) }
    }
    for slots in 1...(length <= longestForAll ? longestForAll : 24) where slots < max(2, length) {
      guard Revolve.extra(length, slots: slots) <= 40 * length else { continue }
      if let revolve = try? Revolve(slots: slots, cut: cut) { strategies.append(revolve) }
      guard length <= longest, let mixed = try? Mixed(slots: slots, cut: cut) else { continue }
      strategies.append(mixed)
    }
    return strategies
  }

  /// Operations of a block for which every list of them is tried; of more, each by itself and each
  /// left out.
  private static let mostOperations = 6

  /// `save_only` for lists of the operations that the forward pass has.
  private static func policies(_ workload: Workload) -> [Policy] {
    let steps = workload.steps.prefix(workload.forwardCount)
    let names = Set(steps.map(\.operation)).sorted()
    guard workload.steps.count <= 3000 else { return [] }
    var lists: [[String]] = []
    if names.count <= mostOperations {
      for number in 0..<(1 << names.count) - 1 {
        lists.append(names.indices.filter { number >> $0 & 1 == 1 }.map { names[$0] })
      }
    } else {
      lists = [[]] + names.map { [$0] } + names.map { name in names.filter { $0 != name } }
    }
    return lists.compactMap { try? Policy(.saveOnly, ops: $0) }
  }
}
