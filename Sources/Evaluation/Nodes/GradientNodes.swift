import Graphs
import Syntax

/// `gradient wrt net with sqrt_n { … }`
final class GradientNode: CodeNode {
  private let block: BlockCode

  /// `block` has the strategy and what stands behind `wrt`.
  init(_ block: BlockCode, _ range: SourceRange) {
    self.block = block
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    guard let trace = machine.trace else { return .gradients(try machine.gradient(block, frame)) }
    return .gradients(try machine.innerGradient(block, frame, in: trace))
  }
}

/// `plan wrt net using adam() with sqrt_n { … }`
final class PlanNode: CodeNode {
  private let block: BlockCode
  private let optimizer: CodeNode?

  /// `block` is traced, and not run. With an optimizer it is the block of a training step.
  init(_ block: BlockCode, optimizer: CodeNode?, _ range: SourceRange) {
    self.block = block
    self.optimizer = optimizer
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let optimizer = try machine.optimizer(ifAny: optimizer, frame)
    return .plan(try machine.planOnly(block, frame, updating: optimizer))
  }
}

/// `checkpoint(save: ["matmul"]) { … }`: a region of the graph; outside a traced block just a
/// block.
final class CheckpointNode: CodeNode {
  private let body: CodeNode
  private let saved: CodeNode?

  /// `body` gives the value, the region none. `saved` gives the list of what stays when the inside
  /// is dropped: operations, and names of values; `nil` for nothing.
  init(_ body: CodeNode, saving saved: CodeNode?, _ range: SourceRange) {
    self.body = body
    self.saved = saved
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let names = try saved.map { (saved) throws(Fault) in
      try frame.machine.names(
        in: try saved.evaluate(frame), as: "save", of: "checkpoint", at: saved.range)
    }
    guard let trace = frame.machine.trace else { return try body.evaluate(frame) }
    trace.builder.enterRegion(saving: names ?? [])
    defer { trace.builder.leaveRegion() }
    let first = trace.builder.graph.nodes.count
    let value = try body.evaluate(frame)
    if let names, let saved {
      try check(names, in: trace.builder.graph.nodes[first...], at: saved.range)
    }
    return value
  }

  /// Throws where a name is neither that of an operation nor that of a value of the region.
  private func check(
    _ names: [String], in nodes: ArraySlice<Node>, at range: SourceRange
  ) throws(Fault) {
    let known = Operation.forwardNames + nodes.compactMap(\.name)
    guard let unknown = names.first(where: { !known.contains($0) }) else { return }
    throw Fault(
      .schedule(
        .unknown(.savedByRegion, name: unknown, known: known), strategy: "checkpoint", base: 0,
        at: range))
  }
}

/// `evaluate { … }`: inside a traced block, what is called evaluates; elsewhere it does so anyway.
final class EvaluateNode: CodeNode {
  private let body: CodeNode

  /// `body` gives the value.
  init(_ body: CodeNode, _ range: SourceRange) {
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    frame.machine.evaluations += 1
    defer { frame.machine.evaluations -= 1 }
    return try body.evaluate(frame)
  }
}

/// `mixed bf16 { … }`: what the body applies is computed in this type.
final class MixedNode: CodeNode {
  private let type: Identifier
  private let body: CodeNode

  /// `type` is the name of an element type; `body` gives the value.
  init(_ type: Identifier, body: CodeNode, _ range: SourceRange) {
    self.type = type
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try frame.machine.inMixed(try frame.machine.mixedType(type)) { () throws(Fault) in
      try body.evaluate(frame)
    }
  }
}

/// `sketch { … }`: what it makes has shapes and no bytes.
final class SketchNode: CodeNode {
  private let body: CodeNode

  /// `body` gives the value: a layer, a tensor.
  init(_ body: CodeNode, _ range: SourceRange) {
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try frame.machine.sketching { () throws(Fault) in try body.evaluate(frame) }
  }
}

/// `is_training`: true where a call trains.
final class TrainingNode: CodeNode {
  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .boolean(frame.machine.isTraining)
  }
}

/// `train net for x, y in batches(…) using adam(…) with sqrt_n accumulate 4 updates at_end
/// mixed bf16 { … }`
final class TrainNode: CodeNode {
  /// What is traced once for each shape of a batch, and run once a step.
  let block: BlockCode
  /// The names behind `for`, one for each column of a batch.
  let binders: [BindLocalNode]
  private let batches: CodeNode
  private let optimizer: CodeNode
  private let groupSize: CodeNode?
  private let workers: CodeNode?
  private let updates: UpdateTime?
  /// The type behind `mixed`; `nil` where it is left out.
  let mixed: Identifier?

  /// True where no parameter is updated before all gradients are complete.
  var updatesAtEnd: Bool { updates?.word == .atEnd }

  /// `batches`, `optimizer`, `groupSize` and `workers` are evaluated once, before the first step.
  init(
    _ block: BlockCode, binders: [BindLocalNode], batches: CodeNode, optimizer: CodeNode,
    groupSize: CodeNode?, workers: CodeNode?, updates: UpdateTime?, mixed: Identifier?,
    _ range: SourceRange
  ) {
    self.block = block
    self.binders = binders
    self.batches = batches
    self.optimizer = optimizer
    self.groupSize = groupSize
    self.workers = workers
    self.updates = updates
    self.mixed = mixed
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let source = try batches.evaluate(frame)
    guard case .batches(let batches) = source else {
      throw Fault(
        .expected(
          .batches, found: source, as: .trainSource, at: self.batches.range))
    }
    guard binders.count == batches.data.columns.count else {
      throw Fault(
        .value(.batchNames(binders.count, columns: batches.data.columns.map(\.name)), at: range))
    }
    let optimizer = try machine.optimizer(of: self.optimizer, frame)
    if let updates, updates.word == .inBackward, optimizer.setting.clipping.norm != nil {
      throw Fault(.normBeforeGradients(at: updates.range))
    }
    guard let workers else {
      return .record(
        try machine.train(
          self, frame, batches: batches, optimizer: optimizer,
          groupSize: try groupSize(in: frame)))
    }
    let setting = try machine.workers(try workers.evaluate(frame), at: workers.range)
    return .record(
      try machine.train(
        self, frame, batches: batches, optimizer: optimizer, groupSize: try groupSize(in: frame),
        on: setting, at: workers.range))
  }

  /// How many batches make an update: 1 where nothing is said.
  private func groupSize(in frame: Frame) throws(Fault) -> Int {
    guard let groupSize else { return 1 }
    let value = try groupSize.evaluate(frame)
    guard case .integer(let size) = value, size >= 1 else {
      throw Fault(.expected(.integerFrom1, found: value, as: .accumulate, at: groupSize.range))
    }
    return size
  }
}

/// `update net along g using opt`
final class UpdateNode: CodeNode {
  private let targets: [CodeNode]
  private let gradients: CodeNode
  private let optimizer: CodeNode

  /// `targets` gives what is moved, `gradients` what it is moved along.
  init(targets: [CodeNode], gradients: CodeNode, optimizer: CodeNode, _ range: SourceRange) {
    self.targets = targets
    self.gradients = gradients
    self.optimizer = optimizer
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    guard machine.trace == nil else { throw Fault(.insideBlock("update", at: range)) }
    guard !machine.isSketching else { throw Fault(.insideSketch(at: range)) }
    var named: [(name: String, tensor: TensorValue)] = []
    for node in targets { named += try machine.targets(try node.evaluate(frame), at: node.range) }
    let along = try self.gradients.evaluate(frame)
    guard case .gradients(let gradients) = along else {
      throw Fault(
        .expected(.gradients, found: along, as: .along, at: self.gradients.range))
    }
    let optimizer = try machine.optimizer(of: self.optimizer, frame)
    try machine.update(named, along: gradients, using: optimizer, at: range)
    return .none
  }
}
