import Execution
import Experiments
import Gradients
import Graphs
import Schedules
import Syntax
import Tensors

/// A traced block with a strategy's schedule, rehearsed: ready to be compiled.
struct PlannedProgram {
  let lowering: Lowering
  let schedule: Schedule
  let rehearsal: Rehearsal
  let strategy: StrategyValue

  var joint: JointGraph { lowering.joint }
  var workload: Workload { lowering.workload }
}

extension Interpreter {
  /// The strategy of a block; keeping everything where none is named.
  func strategy(of block: TracedBlock, _ frame: Frame) throws(Fault) -> StrategyValue {
    guard let node = block.strategy else {
      return .keepAll
    }
    return try asStrategy(try node.evaluate(frame), at: node.range)
  }

  /// Differentiates a traced block: with an update rule, each parameter is updated as soon as its
  /// gradient is known.
  func differentiate(
    _ traced: TracedProgram, rule: UpdateRule?, at range: SourceRange
  ) throws(Fault) -> JointGraph {
    do {
      let inputs = traced.targets.compactMap(\.input)
      var joint = try JointGraph.differentiate(traced.graph, wrt: inputs)
      if let rule { joint.addUpdates(rule, parameters: inputs) }
      return joint
    } catch {
      throw Fault(.gradient(error, at: range))
    }
  }

  /// Makes and rehearses the schedule of a block.
  func plan(
    _ joint: JointGraph, with strategy: StrategyValue, base: Account,
    isTraining: Bool, at range: SourceRange
  ) throws(Fault) -> PlannedProgram {
    let lowering = Lowering(joint, isTraining: isTraining)
    let schedule = try schedule(lowering.workload, with: strategy, base: base, at: range)
    do {
      let rehearsal = try Rehearsal.of(schedule, lowering.workload)
      return PlannedProgram(
        lowering: lowering, schedule: schedule, rehearsal: rehearsal, strategy: strategy)
    } catch {
      throw Fault(.schedule(error, strategy: strategy.spelling, base: base.total, at: range))
    }
  }

  /// Refuses a plan that would cross the budget, before anything runs: law 4.
  func checkBudget(_ planned: PlannedProgram, base: Account, at range: SourceRange) throws(Fault) {
    guard let budget = ledger.budget else { return }
    let needed = planned.rehearsal.peak
    if ledger.liveTotal + needed > budget, let reclaim = ledger.reclaim { _ = reclaim() }
    guard ledger.liveTotal + needed > budget else { return }
    let step = planned.rehearsal.peakLabel(planned.schedule, planned.workload)
    throw Fault(
      .overBudget(
        peak: ledger.liveTotal + needed, budget: budget,
        account: ledger.live + Account(planned.rehearsal.peakFootprint), step: step,
        strategy: planned.strategy.spelling,
        fitting: cheapestFitting(
          planned.workload, within: budget - ledger.liveTotal, except: planned.strategy.spelling),
        outside: ledger.liveTotal, at: range))
  }

  /// What a plan comes to, as a value.
  func planValue(_ planned: PlannedProgram, base: Account) -> Plan {
    Plan(
      strategy: planned.strategy.spelling, workload: planned.workload, schedule: planned.schedule,
      rehearsal: planned.rehearsal, base: base)
  }

  /// Adds a run to what the command reports.
  func note(_ planned: PlannedProgram, predicted: Int, measured: Int) {
    let rehearsal = planned.rehearsal
    var sum =
      summary
      ?? RunSummary(
        strategy: planned.strategy.spelling, predictedPeak: 0, measuredPeak: 0, forwardSteps: 0,
        replayedSteps: 0, backwardSteps: 0, forwardCost: 0, replayedCost: 0, backwardCost: 0,
        runs: 0)
    if sum.strategy != planned.strategy.spelling { sum.strategy = "several" }
    sum.predictedPeak = max(sum.predictedPeak, predicted)
    sum.measuredPeak = max(sum.measuredPeak, measured)
    sum.forwardSteps += rehearsal.forwardSteps
    sum.replayedSteps += rehearsal.replayedSteps
    sum.backwardSteps += rehearsal.backwardSteps
    sum.forwardCost += rehearsal.forwardCost
    sum.replayedCost += rehearsal.replayedCost
    sum.backwardCost += rehearsal.backwardCost
    sum.runs += 1
    sum.tierPeak = max(sum.tierPeak, rehearsal.tierPeak)
    sum.tierTraffic += rehearsal.tierTraffic
    summary = sum
  }
}
