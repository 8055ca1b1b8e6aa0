import Experiments
import Gradients
import Reports
import Schedules
import Syntax
import Tensors

/// `gradient` and `plan`: a block is traced here, and goes to the workbench as a value.
extension Interpreter {
  /// Takes the gradient of a block.
  func gradient(_ block: BlockCode, _ frame: Frame) throws(Fault) -> GradientsValue {
    let strategy = try strategy(of: block, frame)
    let traced = try traceToRun(block, frame)
    let run = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.run(Problem(traced.block), with: strategy)
    }
    for (cell, state) in zip(traced.states, run.record.states) {
      write(.tensor(TensorValue(state, role: .state)), to: cell)
    }
    remarkIfIdle(run.plan, under: strategy)
    try noteOptimum(beside: run.plan, of: strategy, at: block.range)
    let entries = zip(zip(traced.block.targets, traced.targets), run.gradients).map {
      GradientsValue.Entry(name: $0.0.name, target: $0.1, gradient: TensorValue($1))
    }
    var tensors = run.record.outputs.makeIterator()
    let outputs = traced.outputs.compactMap { output -> Value? in
      switch output {
      case .tensor: tensors.next().map { .tensor(TensorValue($0)) }
      case .plain(let value): value
      }
    }
    return GradientsValue(
      loss: TensorValue(run.record.loss), entries: entries, plan: run.plan, outputs: outputs)
  }

  /// Plans a block without running it, with an optimizer a training step: no tensor is allocated.
  func planOnly(
    _ block: BlockCode, _ frame: Frame, updating optimizer: Optimizer?
  ) throws(Fault) -> Plan {
    let strategy = try strategy(of: block, frame)
    let problem = try problem(of: try traceBlock(block, frame), updating: optimizer)
    let plan = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.plan(problem, with: strategy)
    }
    remarkIfIdle(plan, under: strategy)
    try noteOptimum(beside: plan, of: strategy, at: block.range)
    return plan
  }

  /// What is planned of a traced block; with an optimizer the updates, and beside it the moments
  /// that do not live yet.
  func problem(
    of traced: TracedProgram, updating optimizer: Optimizer?
  ) throws(Fault) -> Problem {
    guard let optimizer else { return Problem(traced.block) }
    var moments = Account()
    for tensor in traced.targets
    where optimizer.moments[ObjectIdentifier(tensor)] == nil {
      for shape in optimizer.rule.moments(of: tensor.shape) {
        moments[.optimizer] += shape.byteCount(of: tensor.dtype)
      }
    }
    let block = traced.block
    return Problem(
      TracedBlock(
        graph: block.graph, inputs: block.inputs, targets: block.targets, states: block.states,
        sketched: block.sketched + moments),
      updating: UpdatePlan(optimizer.rule, clipping: optimizer.setting.clipping))
  }

  /// The optimizer behind `using`.
  func optimizer(of node: CodeNode, _ frame: Frame) throws(Fault) -> Optimizer {
    let value = try node.evaluate(frame)
    guard case .optimizer(let optimizer) = value else {
      throw Fault(.expected(.optimizer, found: value, as: .using, at: node.range))
    }
    return optimizer
  }

  /// The same; `nil` where that is left out.
  func optimizer(ifAny node: CodeNode?, _ frame: Frame) throws(Fault) -> Optimizer? {
    guard let node else { return nil }
    return try optimizer(of: node, frame)
  }

  /// The strategy of a block; keeping everything where none is named.
  func strategy(of block: BlockCode, _ frame: Frame) throws(Fault) -> any Strategy {
    guard let node = block.strategy else { return KeepAll() }
    return try asStrategy(try strategyValue(of: node, frame), at: node.range).strategy
  }

  /// Makes an experiment, which hears a request to stop; what goes wrong in it is said of the block
  /// at `range`.
  func experiment<Result>(
    at range: SourceRange, _ body: () throws(ExperimentError) -> Result
  ) throws(Fault) -> Result {
    let listener = Planning.Listener { [interruption] in interruption.isRequested }
    let result = Planning.$listener.withValue(listener) {
      () -> Swift.Result<Result, ExperimentError> in
      do throws(ExperimentError) { return .success(try body()) } catch { return .failure(error) }
    }
    do throws(ExperimentError) {
      return try result.get()
    } catch {
      throw fault(from: error, at: range)
    }
  }

  /// Sets a learner's schedule beside the best there is.
  private func noteOptimum(
    beside plan: Plan, of strategy: any Strategy, at range: SourceRange
  ) throws(Fault) {
    // Of what runs in a test of the checks, nobody reads a note.
    guard strategy is LearnerStrategy, !isTesting else { return }
    let optimum = try experiment(at: range) { () throws(ExperimentError) in
      try bench.optimum(beside: plan)
    }
    if let optimum { sayOnce("\(name: strategy.spelling): \(optimum.text)") }
  }
}
