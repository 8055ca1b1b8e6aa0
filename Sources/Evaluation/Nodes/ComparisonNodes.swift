import Schedules
import Syntax

/// `compare wrt net across [keep_all, sqrt_n] { … }`
final class CompareNode: Node {
  private let block: BlockCode
  private let strategies: Node

  init(_ block: BlockCode, strategies: Node, _ range: SourceRange) {
    self.block = block
    self.strategies = strategies
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let list = try machine.strategies(in: strategies.evaluate(frame), at: strategies.range)
    return .record(try machine.compare(block, frame, across: list))
  }
}

/// `certify { … } with S`
final class CertifyNode: Node {
  private let block: BlockCode

  init(_ block: BlockCode, _ range: SourceRange) {
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .record(try frame.machine.certify(block, frame))
  }
}

/// `pareto { … }`
final class ParetoNode: Node {
  private let block: BlockCode
  private let strategies: Node?

  init(_ block: BlockCode, strategies: Node?, _ range: SourceRange) {
    self.block = block
    self.strategies = strategies
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    var list: [any Strategy]?
    if let strategies {
      list = try machine.strategies(in: strategies.evaluate(frame), at: strategies.range)
    }
    return .record(try machine.pareto(block, frame, across: list))
  }
}

/// `predict peak = EXPR { … }`
final class PredictNode: Node {
  private let quantity: Identifier
  private let guess: Node
  private let block: BlockCode

  init(_ quantity: Identifier, guess: Node, _ block: BlockCode, _ range: SourceRange) {
    self.quantity = quantity
    self.guess = guess
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let value = try guess.evaluate(frame)
    guard let number = machine.double(value) else {
      throw Fault(
        .expected("a number or a size", found: value, as: "the guess", at: guess.range))
    }
    return .record(try machine.predict(quantity, number, block, frame))
  }
}

/// `trap masks { … }`
final class TrapNode: Node {
  private let name: Identifier
  private let block: BlockCode

  init(_ name: Identifier, body block: BlockCode, _ range: SourceRange) {
    self.name = name
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .record(try frame.machine.trap(name, block, frame))
  }
}
