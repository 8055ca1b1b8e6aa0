import Execution
import Gradients
import Graphs
import Schedules
import Syntax
import Tensors

extension Interpreter {
  /// Trains: traces and compiles the block once for each shape of a batch, and runs it once a step.
  func train(
    _ node: TrainNode, _ frame: Frame, batches: Batches, optimizer: Optimizer
  ) throws(Fault) -> Record {
    guard trace == nil else { throw Fault(.insideBlock("train", at: node.range)) }
    let strategy = try strategy(of: node.block, frame)
    let feed = try BatchFeed(batches, machine: self, at: node.range)
    var steps: [Int: TrainingStep] = [:]
    var losses: (first: Double, last: Double)?
    let total = batches.total
    for number in 0..<total {
      try tick(at: node.range)
      let rows = feed.rows(ofBatch: number)
      let step: TrainingStep
      if let known = steps[rows] {
        step = known
      } else {
        step = try compileStep(
          node, frame, feed: feed, rows: rows, optimizer: optimizer, strategy: strategy)
        steps[rows] = step
      }
      feed.load(batch: number)
      context.step &+= 1
      countUpdate(of: optimizer)
      let measured: Int
      do {
        measured = try step.binding.run(
          measuring: number == 0, isCancelled: { [interruption] in interruption.isRequested })
      } catch {
        throw fault(from: error, operands: [], at: node.block.range)
      }
      note(
        step.planned, predicted: step.base + step.planned.rehearsal.peak,
        measured: step.base + measured)
      finishStep()
      let loss = step.binding.loss
      losses = (losses?.first ?? loss, loss)
      progressHandler?(number + 1, total, loss)
    }
    let first = losses?.first ?? .nan
    let last = losses?.last ?? .nan
    return Record(
      typeName: "training",
      fields: [
        ("steps", .integer(total)), ("first_loss", .float(first)), ("loss", .float(last)),
      ],
      display: total == 0
        ? "trained 0 steps"
        : "trained \(total) step\(total == 1 ? "" : "s"): loss \(Display.loss(first)) → \(Display.loss(last))"
    )
  }

  /// A training step, compiled and bound to its tensors.
  private struct TrainingStep {
    let planned: PlannedProgram
    let binding: Binding
    /// Bytes that live outside the schedule while it runs.
    let base: Int
  }

  private func compileStep(
    _ node: TrainNode, _ frame: Frame, feed: BatchFeed, rows: Int, optimizer: Optimizer,
    strategy: StrategyValue
  ) throws(Fault) -> TrainingStep {
    let columns = feed.columns(rows: rows)
    let traced = try traceBlock(node.block, frame) {
      for (binder, column) in zip(node.binders, columns) {
        binder.bind(.tensor(column), in: frame)
      }
    }
    let range = node.block.range
    let joint = try differentiate(traced, rule: optimizer.rule, at: range)
    var inputs = traced.inputs.compactMap(\.tensor)
    for update in joint.updates {
      let parameter = traced.inputs[update.input]
      if let tensor = parameter.tensor { willChangeInPlace(tensor) }
      for moment in try moments(of: parameter, optimizer, at: range) {
        guard let tensor = moment.tensor else { continue }
        willChangeInPlace(tensor)
        inputs.append(tensor)
      }
    }
    let states = traced.states.map { cell -> Tensor? in
      if case .tensor(let state) = cell.value { state.tensor } else { nil }
    }
    for case let state? in states { willChangeInPlace(state) }
    let base = ledger.live
    let planned = try plan(
      joint, with: strategy, base: base, isTraining: true, at: range)
    try checkBudget(planned, base: base, at: range)
    do {
      let binding = try compile(planned).bind(
        inputs: inputs, context: context, ledger: ledger,
        states: states)
      return TrainingStep(planned: planned, binding: binding, base: base.total)
    } catch {
      throw fault(from: error, operands: [], at: range)
    }
  }

  /// What an optimizer remembers of a parameter: zeros at first.
  func moments(
    of parameter: TensorValue, _ optimizer: Optimizer, at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    let key = ObjectIdentifier(parameter)
    if let known = optimizer.moments[key] { return known }
    var made: [TensorValue] = []
    for _ in 0..<optimizer.rule.momentCount {
      do {
        made.append(
          TensorValue(
            try Tensor(
              zeros: parameter.shape, dtype: parameter.dtype, account: .optimizer, ledger: ledger),
            role: .moment))
      } catch {
        throw fault(from: .memory(error), operands: [], at: range)
      }
    }
    optimizer.moments[key] = made
    optimizer.parameters.append(parameter)
    remember {
      optimizer.moments[key] = nil
      optimizer.parameters.removeAll { $0 === parameter }
    }
    return made
  }

  /// Counts an optimizer's next update, which its bias correction depends on.
  private func countUpdate(of optimizer: Optimizer) {
    let before = optimizer.updateCount
    remember { optimizer.updateCount = before }
    optimizer.updateCount += 1
    context.updateNumber = optimizer.updateCount
  }

  /// Updates parameters from gradients taken before: one step of a loop written by hand.
  func update(
    _ targets: [(name: String, tensor: TensorValue)], along gradients: GradientsValue,
    using optimizer: Optimizer, at range: SourceRange
  ) throws(Fault) {
    var updates: [(parameter: Tensor, gradient: Tensor, moments: [Tensor])] = []
    for target in targets {
      guard let entry = gradients.entries.first(where: { $0.target === target.tensor }),
        let gradient = entry.gradient.tensor, let parameter = target.tensor.tensor
      else { throw Fault(.noGradient("`\(target.name)`", at: range)) }
      updates.append(
        (
          parameter, gradient,
          try moments(of: target.tensor, optimizer, at: range).compactMap(\.tensor)
        ))
    }
    // Nothing can fail from here on: the update is whole or not at all.
    countUpdate(of: optimizer)
    for update in updates {
      willChangeInPlace(update.parameter)
      for moment in update.moments { willChangeInPlace(moment) }
      Eager.update(
        optimizer.rule, parameter: update.parameter, gradient: update.gradient,
        moments: update.moments, context: context)
    }
    finishStep()
  }
}
