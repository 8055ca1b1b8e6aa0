import Syntax

/// `gradient wrt net with sqrt_n { … }`
final class GradientNode: Node {
  private let block: TracedBlock

  init(_ block: TracedBlock, _ range: SourceRange) {
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .gradients(try frame.machine.gradient(block, frame))
  }
}

/// `plan wrt net with sqrt_n { … }`
final class PlanNode: Node {
  private let block: TracedBlock

  init(_ block: TracedBlock, _ range: SourceRange) {
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .plan(try frame.machine.planOnly(block, frame))
  }
}

/// `checkpoint { … }`: a region of the graph; outside a traced block just a block.
final class CheckpointNode: Node {
  private let body: Node

  init(_ body: Node, _ range: SourceRange) {
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard let trace = frame.machine.trace else { return try body.evaluate(frame) }
    trace.builder.enterRegion()
    defer { trace.builder.leaveRegion() }
    return try body.evaluate(frame)
  }
}

/// `train net for x, y in batches(…) using adam(…) with sqrt_n { … }`
final class TrainNode: Node {
  let block: TracedBlock
  let binders: [BindLocalNode]
  private let batches: Node
  private let optimizer: Node

  init(
    _ block: TracedBlock, binders: [BindLocalNode], batches: Node, optimizer: Node,
    _ range: SourceRange
  ) {
    self.block = block
    self.binders = binders
    self.batches = batches
    self.optimizer = optimizer
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let source = try batches.evaluate(frame)
    guard case .batches(let batches) = source else {
      throw Fault(
        .expected(
          "batches", found: source, as: "what `train` goes through", at: self.batches.range,
          hint: "`batches(data, size: 64, epochs: 20)` makes them of a data set"))
    }
    guard binders.count == batches.data.columns.count else {
      throw Fault(
        .value(
          "the batches have \(batches.data.columns.count) columns (\(batches.data.columns.map(\.name).joined(separator: ", "))), but \(binders.count) names are bound",
          at: range))
    }
    let rule = try optimizer.evaluate(frame)
    guard case .optimizer(let optimizer) = rule else {
      throw Fault(
        .expected(
          "an optimizer", found: rule, as: "what `using` names", at: self.optimizer.range,
          hint: "such as `adam(lr: 0.01)`"))
    }
    return .record(try machine.train(self, frame, batches: batches, optimizer: optimizer))
  }
}

/// `update net along g using opt`
final class UpdateNode: Node {
  private let targets: [Node]
  private let gradients: Node
  private let optimizer: Node

  init(targets: [Node], gradients: Node, optimizer: Node, _ range: SourceRange) {
    self.targets = targets
    self.gradients = gradients
    self.optimizer = optimizer
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    guard machine.trace == nil else { throw Fault(.insideBlock("update", at: range)) }
    var named: [(name: String, tensor: TensorValue)] = []
    for node in targets { named += try machine.targets(try node.evaluate(frame), at: node.range) }
    let along = try self.gradients.evaluate(frame)
    guard case .gradients(let gradients) = along else {
      throw Fault(
        .expected("gradients", found: along, as: "what `along` names", at: self.gradients.range))
    }
    let using = try self.optimizer.evaluate(frame)
    guard case .optimizer(let optimizer) = using else {
      throw Fault(
        .expected("an optimizer", found: using, as: "what `using` names", at: self.optimizer.range))
    }
    try machine.update(named, along: gradients, using: optimizer, at: range)
    return .none
  }
}
