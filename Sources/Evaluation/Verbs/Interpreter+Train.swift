import Execution
import Experiments
import Gradients
import Reports
import Schedules
import Syntax
import Tensors
import Writing

/// `train` and `update`.
extension Interpreter {
  /// Trains: the block is traced once for each shape of a batch, and run once a batch.
  func train(
    _ node: TrainNode, _ frame: Frame, batches: Batches, optimizer: Optimizer, groupSize: Int
  ) throws(Fault) -> Record {
    guard trace == nil else { throw Fault(.insideBlock("train", at: node.range)) }
    let strategy = try strategy(of: node.block, frame)
    let dtype = try node.mixed.map(mixedType) ?? mixed ?? .f32
    let trainer = try experiment(at: node.range) { () throws(ExperimentError) in
      try Trainer(
        batches.order, of: batches.data.columns.compactMap(\.numbers),
        accumulating: groupSize, scaling: dtype == .f16 ? LossScaling() : nil, with: strategy,
        on: bench)
    }
    defer { trainer.finish() }
    var sums = GradientSums()
    for number in 0..<trainer.total {
      for batch in trainer.batches(ofStep: number) {
        try tick(at: node.range)
        guard let columns = trainer.columnsToPrepare(forBatch: batch) else { continue }
        try inMixed(dtype) { () throws(Fault) in
          try prepare(trainer, node, frame, columns, optimizer, &sums, forBatch: batch)
        }
      }
      try countUpdate(of: optimizer, at: node.range)
      let loss: Double
      do throws(ExperimentError) { loss = try trainer.step(number) } catch {
        throw fault(from: error, at: node.block.range)
      }
      // The optimizer's bias correction counts updates that were made.
      if trainer.didSkip { optimizer.updateCount -= 1 }
      finishStep()
      progressHandler?(number + 1, trainer.total, loss)
    }
    return record(of: trainer)
  }

  /// What a group of micro-batches adds its gradients to, one tensor a parameter.
  private struct GradientSums {
    private var places: [ObjectIdentifier: Int] = [:]
    private(set) var tensors: [Tensor] = []

    /// The one of a parameter, which is made where there is none.
    mutating func tensor(
      of parameter: TensorValue, ledger: Ledger
    ) throws(MemoryError) -> Tensor {
      if let place = places[ObjectIdentifier(parameter)] { return tensors[place] }
      let sum = try Tensor(
        zeros: parameter.shape, dtype: parameter.dtype, account: .gradients, ledger: ledger)
      places[ObjectIdentifier(parameter)] = tensors.count
      tensors.append(sum)
      return sum
    }
  }

  private func record(of trainer: Trainer) -> Record {
    let first = trainer.losses.first ?? .nan
    let last = trainer.losses.last ?? .nan
    let steps = CountFormat.counted(trainer.total, "step")
    return Record(
      typeName: "training",
      fields: [
        ("steps", .integer(trainer.total)), ("first_loss", .float(first)), ("loss", .float(last)),
        ("losses", .list(List(trainer.losses.map { .float($0) }))), ("peak", .bytes(trainer.peak)),
      ] + (trainer.scaling?.fields ?? []),
      display: Report(
        .line(
          RichText(
            (trainer.total == 0
              ? "trained 0 steps"
              : "trained \(steps): loss \(NumberFormat.loss(first)) → \(NumberFormat.loss(last))")
              + (trainer.scaling?.text ?? "")))))
  }

  /// Traces the block on a batch's columns: what is to be planned, and the tensors and states of
  /// the language that it uses.
  private func problem(
    _ node: TrainNode, _ frame: Frame, _ columns: [Tensor], _ plan: UpdatePlan,
    _ optimizer: Optimizer
  ) throws(Fault) -> (problem: Problem, inputs: [TensorValue], states: [Cell]) {
    let columns = columns.map { TensorValue($0, role: .data, isAwaited: true) }
    let traced = try traceToRun(node.block, frame, isRepeated: true) { targets in
      mayChangeInPlace(
        optimizer.moments.isEmpty ? targets : targets.flatMap(optimizer.parts))
      for (binder, column) in zip(node.binders, columns) {
        binder.bind(.tensor(column), in: frame)
      }
    }
    return (Problem(traced.block, updating: plan), traced.inputs, traced.states)
  }

  /// Traces the block on a batch's columns, and has the pass of that shape prepared.
  private func prepare(
    _ trainer: Trainer, _ node: TrainNode, _ frame: Frame, _ columns: [Tensor],
    _ optimizer: Optimizer, _ sums: inout GradientSums, forBatch number: Int
  ) throws(Fault) {
    let range = node.block.range
    let plan = UpdatePlan(
      optimizer.rule, clipping: optimizer.setting.clipping, isAtEnd: node.updatesAtEnd,
      part: trainer.part(ofBatch: number), lossScale: trainer.scaling?.scale)
    // Nothing here holds the problem while it is planned: it is large.
    var unplanned: Problem?
    let (inputs, cells): ([TensorValue], [Cell])
    (unplanned, inputs, cells) = try problem(node, frame, columns, plan, optimizer)
    let updates = try experiment(at: range) { () throws(ExperimentError) in
      try unplanned.map { (problem) throws(ExperimentError) in try trainer.updated(by: problem) }
        ?? []
    }
    var kept: [Tensor] = []
    var changing: [TensorValue] = []
    changing.reserveCapacity(updates.count + cells.count)
    for update in updates {
      let parameter = inputs[update.input]
      changing.append(parameter)
      if update.isSummed {
        do { kept.append(try sums.tensor(of: parameter, ledger: ledger)) } catch {
          throw fault(from: .memory(error), operands: [], at: range)
        }
      }
      // A pass that updates nothing is planned beside them all the same.
      for moment in try moments(of: parameter, optimizer, at: range) {
        changing.append(moment)
        if let tensor = moment.tensor, plan.part != .early { kept.append(tensor) }
      }
    }
    let states = cells.map { cell -> Tensor? in
      guard case .tensor(let state) = cell.value else { return nil }
      changing.append(state)
      return state.tensor
    }
    willChangeInPlace(changing)
    let why = try experiment(at: range) { () throws(ExperimentError) -> String? in
      guard let problem = unplanned.take() else { return nil }
      return try trainer.prepare(
        consume problem, kept: kept, sums: sums.tensors, states: states, forBatch: number
      ) { idleRemark(on: $0, under: trainer.strategy) }
    }
    if let why { remark(why) }
  }

  /// What an optimizer remembers of a parameter: zeros at first.
  func moments(
    of parameter: TensorValue, _ optimizer: Optimizer, at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    let key = ObjectIdentifier(parameter)
    if let known = optimizer.moments[key] { return known }
    let shapes = optimizer.rule.moments(of: parameter.shape)
    if shapes.isEmpty { return [] }
    var made: [TensorValue] = []
    for shape in shapes {
      do {
        made.append(
          TensorValue(
            try Tensor(
              zeros: shape, dtype: parameter.dtype, account: .optimizer, ledger: ledger),
            role: .moment))
      } catch {
        throw fault(from: .memory(error), operands: [], at: range)
      }
    }
    optimizer.moments[key] = made
    optimizer.parameters.append(parameter)
    didMakeMoments(made, of: parameter, optimizer)
    return made
  }

  /// Counts an optimizer's next update, which its bias correction depends on.
  func countUpdate(of optimizer: Optimizer, at range: SourceRange) throws(Fault) {
    let rate = try rate(of: optimizer, at: range)
    willChange(optimizer)
    optimizer.updateCount += 1
    context.updateNumber = optimizer.updateCount
    context.updateRate = rate
  }

  /// The rate of an optimizer's next update.
  private func rate(of optimizer: Optimizer, at range: SourceRange) throws(Fault) -> Double {
    guard let function = optimizer.setting.rateFunction else { return optimizer.rule.rate }
    let made = PassedArgument(label: nil, value: .integer(optimizer.updateCount), range: range)
    let value = try call(.function(function), [made], at: range)
    guard let number = plainNumber(value), number.isFinite, number >= 0 else {
      throw Fault(.badRate(value, step: optimizer.updateCount, at: range))
    }
    return number
  }

  /// The number that a value is, or that stands in a tensor of one element.
  private func plainNumber(_ value: Value) -> Double? {
    if case .tensor(let tensor) = value { return tensor.tensor?.scalar }
    return double(value)
  }

  /// `opt.lr = 0.01`, `opt.lr = fn(step) { … }`
  func setRate(_ value: Value, of optimizer: Optimizer, at range: SourceRange) throws(Fault) {
    guard trace == nil else {
      throw Fault(.insideBlock("an assignment to an optimizer", at: range))
    }
    let rate: Optimizer.Rate
    if case .function(let function) = value {
      rate = .function(function)
    } else {
      guard let number = plainNumber(value), number.isFinite, number >= 0 else {
        throw Fault(.expected(.numberFromZero, found: value, as: .newValue("lr"), at: range))
      }
      rate = .number(number, spelling: NumberFormat.number(number))
    }
    willChange(optimizer)
    optimizer.setting = optimizer.setting.with(rate)
  }

  /// Updates parameters from gradients taken before: one step of a loop written by hand.
  func update(
    _ targets: [(name: String, tensor: TensorValue)], along gradients: GradientsValue,
    using optimizer: Optimizer, at range: SourceRange
  ) throws(Fault) {
    var updates: [Eager.ParameterUpdate] = []
    var changing: [TensorValue] = []
    for target in targets {
      guard let entry = gradients.entries.first(where: { $0.target === target.tensor }),
        let gradient = entry.gradient.tensor, let parameter = target.tensor.tensor
      else { throw Fault(.noGradient("`\(target.name)`", at: range)) }
      let moments = try moments(of: target.tensor, optimizer, at: range)
      updates.append(
        Eager.ParameterUpdate(
          parameter: parameter, gradient: gradient, moments: moments.compactMap(\.tensor)))
      changing += [target.tensor] + moments
    }
    try countUpdate(of: optimizer, at: range)
    willChangeInPlace(changing)
    // The update is whole or not at all.
    do {
      try Eager.update(
        updates, optimizer.rule, optimizer.setting.clipping, ledger: ledger, context: context)
    } catch { throw fault(from: error, operands: [], at: range) }
    finishStep()
  }
}
