import Execution
import Experiments
import Gradients
import Graphs
import Schedules
import Syntax
import Tensors

extension Interpreter {
  /// Takes the gradient of a block: trace, differentiate, schedule, rehearse, run.
  func gradient(_ block: TracedBlock, _ frame: Frame) throws(Fault) -> GradientsValue {
    let strategy = try strategy(of: block, frame)
    let traced = try traceBlock(block, frame)
    let run = try run(traced, with: strategy, at: block.range)
    noteOptimum(run.planned)
    return run.gradients
  }

  /// Plans a block without running it: no tensor is allocated.
  func planOnly(_ block: TracedBlock, _ frame: Frame) throws(Fault) -> Plan {
    let strategy = try strategy(of: block, frame)
    let traced = try traceBlock(block, frame)
    let joint = try differentiate(traced, rule: nil, at: block.range)
    let base = ledger.live
    let planned = try plan(
      joint, with: strategy, base: base, isTraining: false, at: block.range)
    noteOptimum(planned)
    return planValue(planned, base: base)
  }

  /// What running a block gave: gradients, and the new values of states, for comparisons.
  struct GradientRun {
    let gradients: GradientsValue
    let states: [Tensor]
    let record: RunRecord
    let planned: PlannedProgram
  }

  /// Runs a traced block under a strategy. With `keepingStates` the states keep their values, as a
  /// comparison wants; with `redrawing` replays draw their masks anew, which is a bug on purpose.
  func run(
    _ traced: TracedProgram, with strategy: StrategyValue, keepingStates: Bool = false,
    redrawing: Bool = false, at range: SourceRange
  ) throws(Fault) -> GradientRun {
    let base = ledger.live
    let compiled = try compiledGradient(traced, with: strategy, base: base, at: range)
    let planned = compiled.planned
    try checkBudget(planned, base: base, at: range)
    let record: RunRecord
    context.step &+= 1
    do {
      record = try compiled.program.run(
        inputs: traced.inputs.compactMap(\.tensor), context: context, ledger: ledger,
        redrawing: redrawing, isCancelled: { [interruption] in interruption.isRequested })
    } catch {
      throw fault(from: error, operands: [], at: range)
    }
    note(
      planned, predicted: base.total + planned.rehearsal.peak,
      measured: base.total + record.measuredPeak)
    if !keepingStates {
      for (cell, state) in zip(traced.states, record.states) {
        state.storage.account = .state
        write(.tensor(TensorValue(state, role: .state)), to: cell)
      }
    }
    var gradients: [Int: Tensor] = [:]
    for (entry, tensor) in zip(planned.joint.gradients, record.gradients) {
      gradients[entry.input] = tensor
    }
    var entries: [GradientsValue.Entry] = []
    for target in traced.targets {
      let gradient: TensorValue
      if let input = target.input, let tensor = gradients[input] {
        gradient = TensorValue(tensor)
      } else {
        gradient = try zeros(like: target.tensor, at: range)
      }
      entries.append(
        GradientsValue.Entry(name: target.name, target: target.tensor, gradient: gradient))
    }
    return GradientRun(
      gradients: GradientsValue(
        loss: TensorValue(record.loss), entries: entries, plan: planValue(planned, base: base)),
      states: record.states, record: record, planned: planned)
  }

  private func zeros(like tensor: TensorValue, at range: SourceRange) throws(Fault) -> TensorValue {
    do {
      return TensorValue(
        try Tensor(
          zeros: tensor.shape, dtype: tensor.dtype, account: .gradients, ledger: ledger))
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  /// The compiled form of a block, from the cache where the same graph was run with the same
  /// strategy before.
  private func compiledGradient(
    _ traced: TracedProgram, with strategy: StrategyValue, base: Account, at range: SourceRange
  ) throws(Fault) -> ProgramCache.Entry {
    let key = ProgramCache.Key(
      graph: traced.graph.signature, targets: traced.targets.compactMap(\.input),
      strategy: strategy.cacheKey(base: base.total, budget: ledger.budget))
    if let key, let entry = programs[key] { return entry }
    let joint = try differentiate(traced, rule: nil, at: range)
    let planned = try plan(
      joint, with: strategy, base: base, isTraining: false, at: range)
    let entry = ProgramCache.Entry(planned: planned, program: compile(planned))
    if let key { programs[key] = entry }
    return entry
  }

  func compile(_ planned: PlannedProgram) -> Program {
    Program(planned.lowering, planned.schedule, planned.rehearsal)
  }
}
