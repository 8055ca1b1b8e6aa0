/// All plans that keep some boundaries of a short chain and replay the stages between them
/// (`ChainPlan.keeping`), by rising cost.
struct BoundaryLists {
  private let chain: Chain
  /// FLOPs of running a stage again for its output and its recording, and for its recording alone,
  /// as the last of its segment.
  private let inner: [Int]
  private let last: [Int]

  /// Stages of the longest chain whose lists are all looked at: 8,192 of them.
  static let longest = 14

  /// Prices the stages of a chain that was cut from the workload of the table.
  init(_ chain: Chain, _ table: StepTable) {
    self.chain = chain
    var (inner, last) = ([Int](), [Int]())
    for (number, stage) in chain.stages.enumerated() {
      let output = number + 1 < chain.length ? chain.stages[number + 1].boundary : nil
      last.append(Self.cost(of: stage, giving: nil, table))
      inner.append(Self.cost(of: stage, giving: output, table))
    }
    (self.inner, self.last) = (inner, last)
  }

  /// FLOPs of the steps of a stage that its own backward, or its output, needs.
  private static func cost(of stage: Stage, giving output: Int?, _ table: StepTable) -> Int {
    var needed: Set<Int> = []
    for step in stage.backward { table.forEachInput(of: step) { needed.insert($0) } }
    if let output { needed.insert(output) }
    var cost = 0
    for step in stage.forward.reversed()
    where table.values(of: step).contains(where: needed.contains) {
      cost &+= table.cost[step]
      table.forEachInput(of: step) { needed.insert($0) }
    }
    return cost
  }

  /// Calls `body` with each list's order of computing, by rising lower bound of its replayed FLOPs,
  /// as long as it gives true and the bound is below what `most` gives.
  func forEach(
    below most: Int, _ body: (_ order: [Int]) throws(ScheduleError) -> Bool
  ) throws(ScheduleError) {
    let length = chain.length
    guard length <= Self.longest else { return }
    let lists = (0..<1 << (length - 1)).map { number in
      (number: number, cost: replayedCost(of: number))
    }.filter { $0.cost < most }.sorted { ($0.cost, $0.number) < ($1.cost, $1.number) }
    for list in lists {
      let boundaries = [0] + (1..<length).filter { list.number >> ($0 - 1) & 1 == 1 }
      let plan = ChainPlan(
        chain: chain, actions: ChainPlan.actions(keeping: boundaries, length: length))
      guard let order = try plan.computes(), try body(order) else { return }
    }
  }

  /// FLOPs replayed at the least where the boundaries with a bit in the number are kept, and the
  /// first: all but the last segment run again.
  private func replayedCost(of number: Int) -> Int {
    var cost = 0
    var segment = 0
    for stage in 0..<chain.length {
      if stage > 0, number >> (stage - 1) & 1 == 1 {
        cost &+= segment - inner[stage - 1] + last[stage - 1]
        segment = 0
      }
      segment &+= inner[stage]
    }
    return cost
  }
}
