import Schedules
import Syntax

/// `compare wrt net using adam() across [keep_all, sqrt_n] { … }`
final class CompareNode: CodeNode {
  private let block: BlockCode
  private let optimizer: CodeNode?
  private let strategies: CodeNode
  private let workers: CodeNode?

  /// `strategies` gives a list of strategies, or one. With an optimizer the block is that of a
  /// training step; `workers` gives a list of workers who make it, or one.
  init(
    _ block: BlockCode, optimizer: CodeNode?, strategies: CodeNode, workers: CodeNode?,
    _ range: SourceRange
  ) {
    self.block = block
    self.optimizer = optimizer
    self.strategies = strategies
    self.workers = workers
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let optimizer = try machine.optimizer(ifAny: optimizer, frame)
    let list = try machine.strategies(
      in: machine.strategyValue(of: strategies, frame), at: strategies.range)
    if let workers {
      guard let optimizer else { throw Fault(.workers(.noOptimizer, at: workers.range)) }
      let settings = try machine.settings(in: try workers.evaluate(frame), at: workers.range)
      return .record(
        try machine.compare(block, frame, updating: optimizer, across: list, on: settings))
    }
    return .record(try machine.compare(block, frame, updating: optimizer, across: list))
  }
}

/// `certify { … } with S`
final class CertifyNode: CodeNode {
  private let block: BlockCode

  /// `block` has the strategy.
  init(_ block: BlockCode, _ range: SourceRange) {
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .record(try frame.machine.certify(block, frame))
  }
}

/// `pareto { … }`
final class ParetoNode: CodeNode {
  private let block: BlockCode
  private let optimizer: CodeNode?
  private let strategies: CodeNode?

  /// Without `strategies` the workbench tries a list of its own. With an optimizer the block is
  /// that of a training step.
  init(
    _ block: BlockCode, optimizer: CodeNode?, strategies: CodeNode?, _ range: SourceRange
  ) {
    self.block = block
    self.optimizer = optimizer
    self.strategies = strategies
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let optimizer = try machine.optimizer(ifAny: optimizer, frame)
    var list: [any Strategy]?
    if let strategies {
      list = try machine.strategies(
        in: machine.strategyValue(of: strategies, frame), at: strategies.range)
    }
    return .record(try machine.pareto(block, frame, updating: optimizer, across: list))
  }
}

/// `predict peak = EXPR { … }`
final class PredictNode: CodeNode {
  private let quantity: Identifier
  private let guess: CodeNode
  private let block: BlockCode

  /// `quantity` is the word before the sign, `peak` or another; `range` the whole form.
  init(_ quantity: Identifier, guess: CodeNode, _ block: BlockCode, _ range: SourceRange) {
    self.quantity = quantity
    self.guess = guess
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let value = try guess.evaluate(frame)
    return .record(try machine.predict(quantity, value, block, frame, at: guess.range))
  }
}

/// `trap masks { … }`
final class TrapNode: CodeNode {
  private let name: Identifier
  private let block: BlockCode

  /// `name` is the trap's, looked up when it is evaluated.
  init(_ name: Identifier, body block: BlockCode, _ range: SourceRange) {
    self.name = name
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .record(try frame.machine.trap(name, block, frame))
  }
}
