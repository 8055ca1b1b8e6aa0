import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

struct UpdateTests {
  @Test(arguments: UpdateRules.all)
  func `each parameter gets its moments and one update`(rule: UpdateRule) throws {
    let chain = try DenseChain(depth: 3)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    let before = joint.graph.inputs.count
    joint.addUpdates(UpdatePlan(rule), parameters: chain.parameters)
    try joint.graph.verify()
    #expect(joint.updates.map(\.input) == chain.parameters)
    let moments = chain.parameters.reduce(0) {
      $0 + rule.moments(of: joint.graph.inputs[$1].shape).count
    }
    #expect(joint.graph.inputs.count == before + moments)
    for update in joint.updates {
      let node = joint.graph.nodes[update.node]
      #expect(node.operation == .update(rule))
      #expect(node.operands[0].input == update.input)
      #expect(
        node.operands[1].node == joint.gradients.first { $0.input == update.input }?.value?.node)
      #expect(node.operands.dropFirst(2).map(\.input) == Array(update.moments))
      #expect(
        update.moments.map { joint.graph.inputs[$0].shape }
          == rule.moments(of: joint.graph.inputs[update.input].shape))
      for moment in update.moments { #expect(joint.graph.inputs[moment].kind == .moment) }
    }
  }

  @Test(arguments: [false, true])
  func `on a chain each layer is updated before the layer below is differentiated`(
    isResidual: Bool
  ) throws {
    let chain = try DenseChain(depth: 20, isResidual: isResidual)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(UpdatePlan(UpdateRules.all[4]), parameters: chain.parameters)
    let lines = joint.graph.nodes[joint.forwardCount...].map(\.place.line)
    #expect(lines == lines.sorted(by: >))
  }

  @Test func `a shared parameter waits for its last use`() throws {
    let chain = try DenseChain(depth: 5, shares: true)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(UpdatePlan(.sgd(rate: 1)), parameters: chain.parameters)
    #expect(joint.updates.count == 2)
    for update in joint.updates { #expect(joint.graph.nodes[update.node].place.line == 1) }
  }

  @Test func `what has no gradient is not updated, and nothing twice`() throws {
    let chain = try DenseChain(depth: 2)
    var joint = try JointGraph.differentiate(chain.graph, wrt: [0, chain.parameters[0]])
    joint.addUpdates(
      UpdatePlan(.sgd(rate: 1)),
      parameters: [chain.parameters[0], chain.parameters[1], chain.parameters[0]])
    #expect(joint.updates.map(\.input) == [chain.parameters[0]])
    joint.addUpdates(UpdatePlan(.sgd(rate: 1)), parameters: [0])
    try joint.graph.verify()
    #expect(joint.updates.map { joint.graph.nodes[$0.node].operands[0].input } == [1, 0])
  }

  @Test(arguments: 0..<100)
  func `updates stand at the earliest place that replays allow`(seed: Int) throws {
    var joint = try randomTraining(seed: seed)
    let parameters = joint.gradients.map(\.input)
    joint.addUpdates(UpdatePlan(.sgd(rate: 1, momentum: 0.5)), parameters: parameters)
    try joint.graph.verify()
    #expect(joint.updates.count == joint.gradients.count { $0.value != nil })
    for update in joint.updates {
      // Forward values that depend on the parameter, by the definition.
      var depends = [Bool](repeating: false, count: joint.forwardCount)
      func needs(_ node: Node) -> Bool {
        node.operands.contains { operand in
          if let input = operand.input { return input == update.input }
          return operand.node.map { $0 < joint.forwardCount && depends[$0] } ?? false
        }
      }
      for index in 0..<joint.forwardCount { depends[index] = needs(joint.graph.nodes[index]) }
      let nodes = joint.graph.nodes
      let gradient = joint.gradients.first { $0.input == update.input }?.value?.node ?? 0
      #expect(gradient < update.node)
      for index in (update.node + 1)..<max(nodes.count, update.node + 1) {
        #expect(!needs(nodes[index]))
      }
      let before = (0..<update.node).last { !nodes[$0].operation.writesInPlace } ?? 0
      #expect(before == gradient || needs(nodes[before]))
    }
  }

  @Test(arguments: [UpdatePlan.Part.whole, .last], [nil, 1.0])
  func `updates at the end, or of bounded norm, wait for all gradients`(
    part: UpdatePlan.Part, norm: Double?
  ) throws {
    let chain = try DenseChain(depth: 4)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(
      UpdatePlan(
        .sgd(rate: 1), clipping: Clipping(norm: norm), isAtEnd: norm == nil, part: part),
      parameters: chain.parameters)
    try joint.graph.verify()
    let nodes = joint.graph.nodes
    let scale = try #require(
      nodes.firstIndex { OperationKind($0.operation) == .gradientScale })
    #expect(nodes[scale].operation == .gradientScale(norm: norm ?? .infinity))
    if part == .last {
      #expect(nodes[scale].operands.map(\.input) == joint.updates.map(\.accumulator))
      #expect(nodes.count { $0.operation == .accumulate(isInPlace: true) } == joint.updates.count)
    } else {
      #expect(nodes[scale].operands.map(\.node) == joint.gradients.map { $0.value?.node })
    }
    #expect(joint.updates.map(\.node) == Array(scale + 1..<nodes.count))
    for update in joint.updates { #expect(nodes[update.node].operands.last?.node == scale) }
  }

  @Test func `a micro-batch adds each gradient to its sum, and the last one updates from both`()
    throws
  {
    let chain = try DenseChain(depth: 3)
    let plain = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    var early = plain
    early.addUpdates(UpdatePlan(.sgd(rate: 1), part: .early), parameters: chain.parameters)
    try early.graph.verify()
    for update in early.updates {
      let node = early.graph.nodes[update.node]
      #expect(node.operation == .accumulate(isInPlace: true))
      #expect(node.operands[0].input == update.accumulator && update.moments.isEmpty)
      // Right behind the gradient, or another sum of it.
      #expect(early.graph.inputs[try #require(update.accumulator)].kind == .accumulator)
    }
    var last = plain
    last.addUpdates(
      UpdatePlan(.sgd(rate: 1, momentum: 0.5), part: .last), parameters: chain.parameters)
    try last.graph.verify()
    for update in last.updates {
      let total = try #require(last.graph.nodes[update.node].operands[1].node)
      #expect(last.graph.nodes[total].operation == .accumulate(isInPlace: false))
      #expect(last.graph.nodes[total].operands[0].input == update.accumulator)
      #expect(last.gradients.first { $0.input == update.input }?.value?.node == total)
    }
  }

  private func randomTraining(seed: Int) throws -> JointGraph {
    var random = SplitMix(seed: UInt64(seed))
    var builder = GraphBuilder()
    var values = (0..<5).map { index in
      builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "p\(index)"))
    }
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let a = values[Int.random(in: 0..<values.count, using: &random)]
      let b = values[Int.random(in: 0..<values.count, using: &random)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: values.append(try builder.unary(.tanh, a))
      case 1: values.append(try builder.unary(.sin, a))
      case 2: values.append(try builder.binary(.add, a, b))
      default: values.append(try builder.binary(.multiply, a, b))
      }
    }
    let last = try values.suffix(3).reduce(values[0]) { try builder.binary(.add, $0, $1) }
    builder.setResult(try builder.reduce(.sum, last, axes: [0]))
    return try JointGraph.differentiate(builder.finished(), wrt: [0, 1, 2, 3, 4])
  }
}
