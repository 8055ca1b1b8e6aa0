import Execution
import Gradients
import Reports
import Schedules
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// The strategies in a list.
  func strategies(in value: Value, at range: SourceRange) throws(Fault) -> [StrategyValue] {
    guard case .list(let list) = value else {
      return [try asStrategy(value, at: range)]
    }
    var strategies: [StrategyValue] = []
    for element in list.elements { strategies.append(try asStrategy(element, at: range)) }
    return strategies
  }

  /// One strategy's row in a comparison.
  private struct Row {
    let spelling: String
    let predicted: Int
    let measured: Int
    let kept: Int
    let replayedSteps: Int
    let replayedCost: Int
    let isEqual: Bool
    /// True where the ledger saw what the rehearsal said, at every action and class.
    let agrees: Bool
  }

  /// Runs a block under each strategy, and sets their prices side by side.
  func compare(
    _ block: TracedBlock, _ frame: Frame, across strategies: [StrategyValue]
  ) throws(Fault) -> Record {
    let traced = try traceBlock(block, frame)
    let step = context.step
    // The plain run is what all are compared with; where it does not fit the budget, the first that
    // does.
    var reference: RunDigest?
    do {
      reference = RunDigest(
        try run(traced, with: .keepAll, keepingStates: true, at: block.range))
    } catch {
      guard error.isRefusal else { throw error }
    }
    var rows: [Row] = []
    var refused: [String] = []
    for strategy in strategies {
      try tick(at: block.range)
      context.step = step
      do {
        let run = try run(traced, with: strategy, keepingStates: true, at: block.range)
        let plan = run.gradients.plan
        let digest = RunDigest(run)
        reference = reference ?? digest
        rows.append(
          Row(
            spelling: strategy.spelling, predicted: plan.peak,
            measured: plan.base.total + run.record.measuredPeak, kept: plan.kept,
            replayedSteps: plan.rehearsal.replayedSteps, replayedCost: plan.rehearsal.replayedCost,
            isEqual: digest == reference,
            agrees: run.record.firstDifference(from: plan.rehearsal) == nil))
      } catch {
        guard error.isRefusal else { throw error }
        refused.append(error.diagnostic.message)
      }
    }
    context.step = step
    return comparison(rows, refused)
  }

  private func comparison(
    _ rows: [Row], _ refused: [String]
  ) -> Record {
    let sorted = rows.sorted {
      ($0.predicted, $0.replayedCost, $0.spelling) < ($1.predicted, $1.replayedCost, $1.spelling)
    }
    func isOnFront(_ row: Row) -> Bool {
      !sorted.contains {
        $0.predicted <= row.predicted && $0.replayedCost <= row.replayedCost
          && ($0.predicted < row.predicted || $0.replayedCost < row.replayedCost)
      }
    }
    var table = TextTable([.left, .left, .right, .right, .right, .right, .right, .left])
    table.add(
      "", "strategy", "predicted peak", "measured peak", "kept", "replayed", "FLOPs again",
      "same bits")
    for row in sorted {
      table.add([
        isOnFront(row) ? "*" : "", row.spelling, ByteFormat.text(row.predicted),
        ByteFormat.text(row.measured), ByteFormat.text(row.kept), "\(row.replayedSteps)",
        CountFormat.brief(row.replayedCost), row.isEqual ? "yes" : "NO",
      ])
    }
    var lines = table.lines()
    lines += refused
    if !sorted.isEmpty {
      lines.append("* no other strategy here has both a lower peak and fewer replays")
    }
    let values = sorted.map { row in
      Value.record(
        Record(
          typeName: "row",
          fields: [
            ("strategy", .string(Text(row.spelling))), ("predicted", .bytes(row.predicted)),
            ("measured", .bytes(row.measured)), ("kept", .bytes(row.kept)),
            ("replayed", .integer(row.replayedSteps)),
            ("replayed_flops", .integer(row.replayedCost)),
            ("same", .boolean(row.isEqual)), ("agrees", .boolean(row.agrees)),
            ("front", .boolean(isOnFront(row))),
          ]))
    }
    return Record(
      typeName: "comparison", fields: [("rows", .list(List(values)))],
      display: Report(.verbatim(lines.joined(separator: "\n"))))
  }
}

extension Fault {
  /// True where a strategy or a budget refused a schedule, rather than something having failed.
  fileprivate var isRefusal: Bool {
    diagnostic.kind == .schedule
      || ["over-budget", "budget-impossible", "planning-limit"].contains(diagnostic.code)
  }
}
