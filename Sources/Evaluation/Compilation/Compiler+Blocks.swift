import Syntax

/// The forms whose block is traced, from `gradient` to `predict`.
extension Compiler {
  /// A block that a gradient is taken of, with what it is taken with respect to and the strategy.
  func traced(
    _ body: Block, wrt: [Expression], strategy: Expression?, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> BlockCode {
    BlockCode(
      body: try block(body, scope), wrt: try nodes(wrt, scope),
      strategy: try optional(strategy, scope), range: range)
  }

  /// `gradient` or `plan`, with the strategy behind `with`.
  func gradient(
    _ form: GradientForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let optimizer = try optional(form.optimizer, scope)
    let block = try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range)
    switch form.verb {
    case .gradient: return GradientNode(block, range)
    case .plan: return PlanNode(block, optimizer: optimizer, range)
    }
  }

  /// `compare`: the block has no strategy of its own, but a list beside it.
  func compare(
    _ form: CompareForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    CompareNode(
      try traced(form.body, wrt: form.wrt, strategy: nil, scope, range),
      optimizer: try optional(form.optimizer, scope),
      strategies: try expression(form.strategies, scope),
      workers: try optional(form.workers, scope), range)
  }

  /// `certify`, with the strategy behind `with`.
  func certify(
    _ form: CertifyForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    CertifyNode(
      try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range), range)
  }

  /// `pareto`: as `compare`, but the list may be left out.
  func pareto(
    _ form: ParetoForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    ParetoNode(
      try traced(form.body, wrt: form.wrt, strategy: nil, scope, range),
      optimizer: try optional(form.optimizer, scope),
      strategies: try optional(form.strategies, scope), range)
  }

  /// `train`: its block is compiled with the names of a batch bound in it.
  func train(
    _ form: TrainForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let targets = try nodes(form.targets, scope)
    let batches = try expression(form.batches, scope)
    let optimizer = try expression(form.optimizer, scope)
    let strategy = try optional(form.strategy, scope)
    let groupSize = try optional(form.groupSize, scope)
    let workers = try optional(form.workers, scope)
    // The names of a batch are bound anew in every step: they belong to the block.
    let outside = scope.blocksOutsideTraining
    scope.blocksOutsideTraining = scope.openBlocks
    defer { scope.blocksOutsideTraining = outside }
    scope.enterBlock()
    defer { scope.leaveBlock() }
    let binders = form.names.map {
      BindLocalNode(declare($0, scope), ConstantNode(.none, $0.range), $0.range)
    }
    let block = BlockCode(
      body: try block(form.body, scope), wrt: targets, strategy: strategy, range: form.body.range)
    return TrainNode(
      block, binders: binders, batches: batches, optimizer: optimizer, groupSize: groupSize,
      workers: workers, updates: form.updates, mixed: form.mixed, range)
  }

  /// `predict`: the guess, and the block that is run to judge it.
  func predict(
    _ form: PredictForm, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    PredictNode(
      form.quantity, guess: try expression(form.guess, scope),
      try traced(form.body, wrt: form.wrt, strategy: form.strategy, scope, range), range)
  }
}
