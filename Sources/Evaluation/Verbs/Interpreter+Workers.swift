import Execution
import Experiments
import Gradients
import Graphs
import Schedules
import Syntax
import Tensors

/// `train … on workers(…)`.
extension Interpreter {
  /// Trains on several workers: the block is traced once for each number of rows that a worker has.
  func train(
    _ node: TrainNode, _ frame: Frame, batches: Batches, optimizer: Optimizer, groupSize: Int,
    on setting: WorkerSetting, at place: SourceRange
  ) throws(Fault) -> Record {
    guard trace == nil else { throw Fault(.insideBlock("train", at: node.range)) }
    let strategy = try strategy(of: node.block, frame)
    let dtype = try node.mixed.map(mixedType) ?? mixed ?? .f32
    guard dtype != .f16 || setting.mode == .sync else {
      throw Fault(.workers(.scaled(setting.modeText), at: place))
    }
    if setting.sharesOptimizer, optimizer.rule.moments(of: [1]).isEmpty {
      throw Fault(.workers(.nothingToShare(optimizer.spelling), at: place))
    }
    if let group = ProcessGroup.current, group.size != setting.count {
      throw Fault(.workers(.processes(group.size, workers: setting.count), at: place))
    }
    if let path = setting.checkpointFile { try checkFormat(of: path, at: place) }
    let trainer = try experiment(at: node.range) { () throws(ExperimentError) in
      try WorkerTrainer(
        batches.order, of: batches.data.columns.compactMap(\.numbers),
        accumulating: groupSize, scaling: dtype == .f16 ? LossScaling() : nil, on: setting,
        with: strategy, on: bench)
    }
    if let rows = trainer.rowsOfSmallestBatch {
      throw Fault(.workers(.smallBatch(rows: rows, workers: setting.count), at: place))
    }
    return try train(node, frame, optimizer, trainer, dtype)
  }

  private func train(
    _ node: TrainNode, _ frame: Frame, _ optimizer: Optimizer, _ trainer: WorkerTrainer,
    _ dtype: DType
  ) throws(Fault) -> Record {
    var parameters: [TensorValue] = []
    do throws(Fault) {
      try runSteps(of: trainer, node, frame, optimizer, dtype, &parameters)
      trainer.finish()
      try gatherMoments(trainer, parameters, optimizer, at: node.range)
    } catch {
      throw settling(trainer, parameters, optimizer, after: error, at: node.range)
    }
    return trainer.record
  }

  /// Runs all steps, and gives the parameters that they update as soon as they are known.
  private func runSteps(
    of trainer: WorkerTrainer, _ node: TrainNode, _ frame: Frame, _ optimizer: Optimizer,
    _ dtype: DType, _ parameters: inout [TensorValue]
  ) throws(Fault) {
    for number in 0..<trainer.total {
      try tick(at: node.range)
      parameters = try agreeing(trainer, on: number) { () throws(Fault) in
        var updated = parameters
        for key in trainer.keysToPrepare(forStep: number) {
          try inMixed(dtype) { () throws(Fault) in
            updated = try prepare(trainer, node, frame, optimizer, key, forStep: number)
          }
        }
        try countUpdate(of: optimizer, at: node.range)
        return updated
      }
      let loss: Double
      do throws(Fault) {
        loss = try experiment(at: node.block.range) { () throws(ExperimentError) in
          try trainer.step(number)
        }
      } catch {
        // Others wait for what this process will not send.
        trainer.group?.end(.failed(error.diagnostic.message))
        throw error
      }
      // The optimizer's bias correction counts updates that were made.
      if trainer.didSkip { optimizer.updateCount -= 1 }
      finishStep()
      if let path = trainer.setting.checkpointFile {
        try writeCheckpoint(of: node, frame, to: path)
      }
      progressHandler?(number + 1, trainer.total, loss)
    }
  }

  /// Brings together what workers have apart when a loop is stopped: its finished steps are kept as
  /// those of one that ends there are. Gives the fault that stopped it, with a word where there is
  /// no room for that. Workers that are processes have ended all, or have all made no step.
  private func settling(
    _ trainer: WorkerTrainer, _ parameters: [TensorValue], _ optimizer: Optimizer,
    after fault: Fault, at range: SourceRange
  ) -> Fault {
    guard trainer.group == nil, !isTesting, !trainer.losses.isEmpty,
      trainer.hasScatteredMoments || trainer.areApart
    else { return fault }
    // The step that was not finished counts no update.
    changes.rollBack()
    do throws(Fault) {
      try experiment(at: range) { () throws(ExperimentError) in try trainer.settle() }
      try gatherMoments(trainer, parameters, optimizer, at: range)
      keepChanges()
      return fault
    } catch {
      changes.rollBack()
      let note = Diagnostic.Note(
        range, "kept is what the first worker has: there is no room for what the others have")
      return Fault(
        fault.diagnostic.at(fault.diagnostic.range, notes: fault.diagnostic.notes + [note]))
    }
  }

  /// Does what comes before a step. Where workers are processes and some of them fail at it, these
  /// say so and end all; where all do they go on with the fault.
  private func agreeing<Result>(
    _ trainer: WorkerTrainer, on number: Int, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    guard let group = trainer.group, trainer.somebodyPrepares(forStep: number) else {
      return try body()
    }
    let result: Swift.Result<Result, Fault>
    do throws(Fault) { result = .success(try body()) } catch { result = .failure(error) }
    var fault: Fault?
    if case .failure(let found) = result { fault = found }
    let failed = group.gather([fault == nil ? 0 : 1]).map { $0[0] == 1 }
    if failed.contains(true), failed.contains(false) {
      if let fault { group.end(.failed(fault.diagnostic.message)) }
      group.waitForEnd()
    }
    return try result.get()
  }

  /// Writes what is trained, with its states, to a file.
  private func writeCheckpoint(
    of node: TrainNode, _ frame: Frame, to path: String
  ) throws(Fault) {
    var values: [Value] = []
    for target in node.block.wrt { values.append(try target.evaluate(frame)) }
    let value = values.count == 1 ? values[0] : .list(List(values))
    let tensors = try savedTensors(
      PassedArgument(label: nil, value: value, range: node.block.range))
    try save(tensors, to: path, at: node.block.range)
  }

  /// Traces the block on columns of so many rows, and has the workers' passes prepared. Gives the
  /// parameters that are updated.
  private func prepare(
    _ trainer: WorkerTrainer, _ node: TrainNode, _ frame: Frame, _ optimizer: Optimizer,
    _ key: WorkerTrainer.Key, forStep number: Int
  ) throws(Fault) -> [TensorValue] {
    let range = node.block.range
    let columns = trainer.columns(for: key).map {
      TensorValue($0, role: .data, isAwaited: true)
    }
    let traced = try traceToRun(node.block, frame, isRepeated: true) { _ in
      for (binder, column) in zip(node.binders, columns) {
        binder.bind(.tensor(column), in: frame)
      }
    }
    let plan = UpdatePlan(
      optimizer.rule, clipping: optimizer.setting.clipping, isAtEnd: node.updatesAtEnd)
    let updates = try experiment(at: range) { () throws(ExperimentError) in
      try trainer.problem(of: traced.block, plan, key).joint.updates
    }
    var moments: [Int: [Tensor]] = [:]
    var changing: [TensorValue] = []
    for update in updates {
      let parameter = traced.inputs[update.input]
      changing.append(parameter)
      // Those of a server are the session's; those that another worker owns are not made here.
      let known = optimizer.moments[ObjectIdentifier(parameter)] ?? []
      let own =
        update.moments.isEmpty && !trainer.servesFromSession
        ? known : try self.moments(of: parameter, optimizer, at: range)
      changing += own
      moments[update.input] = own.compactMap(\.tensor)
    }
    let states = traced.states.map { cell -> Tensor? in
      guard case .tensor(let state) = cell.value else { return nil }
      changing.append(state)
      return state.tensor
    }
    willChangeInPlace(changing)
    var why: String?
    try experiment(at: range) { () throws(ExperimentError) in
      try trainer.prepare(
        traced.block, plan, key, moments: moments, states: states, forStep: number
      ) { why = idleRemark(on: $0, under: trainer.strategy) }
    }
    if let why { remark(why) }
    return updates.map { traced.inputs[$0.input] }
  }

  /// The moments that other workers have: the session's optimizer has all of them when training is
  /// over.
  private func gatherMoments(
    _ trainer: WorkerTrainer, _ parameters: [TensorValue], _ optimizer: Optimizer,
    at range: SourceRange
  ) throws(Fault) {
    guard trainer.hasScatteredMoments else { return }
    for parameter in parameters {
      guard let tensor = parameter.tensor else { continue }
      let all = try moments(of: parameter, optimizer, at: range)
      willChangeInPlace(all)
      trainer.gather(all.compactMap(\.tensor), of: tensor)
    }
  }

  /// `compare using … across […] on […] { … }`
  func compare(
    _ block: BlockCode, _ frame: Frame, updating optimizer: Optimizer,
    across strategies: [any Strategy], on settings: [WorkerSetting]
  ) throws(Fault) -> Record {
    let traced = try traceBlock(block, frame)
    let plan = UpdatePlan(optimizer.rule, clipping: optimizer.setting.clipping)
    let comparison = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.compareOnWorkers(traced.block, plan, across: strategies, on: settings)
    }
    let refusals = comparison.refusals.map {
      fault(from: $0, at: block.range).diagnostic.message
    }
    return comparison.record(refusals: refusals)
  }

  /// The workers in a list.
  func settings(in value: Value, at range: SourceRange) throws(Fault) -> [WorkerSetting] {
    guard case .list(let list) = value else { return [try workers(value, at: range)] }
    return try list.elements.map { (element) throws(Fault) in try workers(element, at: range) }
  }
}
