import Execution
import Gradients
import Schedules
import Syntax
import Tensors

extension Interpreter {
  /// Sweeps strategies over a block without running it, and draws what the least memory costs in
  /// replays.
  func pareto(
    _ block: TracedBlock, _ frame: Frame, across chosen: [StrategyValue]?
  ) throws(Fault) -> Record {
    let traced = try traceBlock(block, frame)
    let joint = try differentiate(traced, rule: nil, at: block.range)
    let base = ledger.live
    let workload = Lowering(joint, isTraining: false).workload
    let forward = max(1, workload.steps.prefix(workload.forwardCount).reduce(0) { $0 + $1.cost })
    var points: [ParetoChart.Point] = []
    func add(_ strategy: StrategyValue) throws(Fault) {
      try tick(at: block.range)
      guard
        let schedule = try? schedule(workload, with: strategy, base: base, at: block.range),
        let rehearsal = try? Rehearsal.of(schedule, workload)
      else { return }
      points.append(
        ParetoChart.Point(
          spelling: strategy.spelling, peak: base.total + rehearsal.peak,
          replay: Double(rehearsal.replayedCost) / Double(forward)))
    }
    if let chosen {
      for strategy in chosen { try add(strategy) }
    } else {
      for strategy in try sweep(Chain.find(in: workload)?.length ?? 1, at: block.range) {
        try add(strategy)
      }
      let peaks = points.map(\.peak)
      if let least = peaks.min(), let most = peaks.max(), most > least {
        for part in 0...8 {
          let budget = least + (most - least) * part / 8
          try add(
            try makeStrategy("optimal", [budgetArgument(budget, block.range)], at: block.range))
        }
      }
    }
    guard !points.isEmpty else {
      throw Fault(.value(.noSchedule, at: block.range))
    }
    let chart = ParetoChart(points: points)
    return Record(
      typeName: "pareto",
      fields: [
        (
          "points",
          .list(
            List(
              chart.front.map { point in
                .record(
                  Record(
                    typeName: "point",
                    fields: [
                      ("strategy", .string(Text(point.spelling))), ("peak", .bytes(point.peak)),
                      ("replay", .float(point.replay)),
                    ]))
              }))
        )
      ], display: chart.text)
  }

  private func budgetArgument(_ bytes: Int, _ range: SourceRange) -> PassedArgument {
    PassedArgument(label: Identifier("budget", range), value: .bytes(bytes), range: range)
  }

  /// The strategies that a sweep tries on a chain of so many stages.
  private func sweep(_ length: Int, at range: SourceRange) throws(Fault) -> [StrategyValue] {
    var strategies: [StrategyValue] = []
    for name in ["keep_all", "sqrt_n", "bisect"] {
      strategies.append(try makeStrategy(name, [], at: range))
    }
    if length <= 512 { strategies.append(try makeStrategy("keep_none", [], at: range)) }
    var number = 2
    while number < length {
      let argument = PassedArgument(label: nil, value: .integer(number), range: range)
      strategies.append(try makeStrategy("every", [argument], at: range))
      strategies.append(try makeStrategy("revolve", [argument], at: range))
      number += max(1, number / 2)
    }
    return strategies
  }
}
