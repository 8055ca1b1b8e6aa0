import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

struct UpdateTests {
  static let rules: [UpdateRule] = [
    .sgd(rate: 0.1), .momentum(rate: 0.1, momentum: 0.9),
    .adam(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8),
    .adamW(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.01),
  ]

  @Test(arguments: rules)
  func `each parameter gets its moments and one update`(rule: UpdateRule) throws {
    let chain = try DenseChain(depth: 3)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    let before = joint.graph.inputs.count
    joint.addUpdates(rule, parameters: chain.parameters)
    try joint.graph.verify()
    #expect(joint.updates.map(\.input) == chain.parameters)
    #expect(joint.graph.inputs.count == before + 6 * rule.momentCount)
    for update in joint.updates {
      let node = joint.graph.nodes[update.node]
      #expect(node.operation == .update(rule))
      #expect(node.operands[0].input == update.input)
      #expect(
        node.operands[1].node == joint.gradients.first { $0.input == update.input }?.value?.node)
      #expect(node.operands.dropFirst(2).map(\.input) == Array(update.moments))
      for moment in update.moments {
        #expect(joint.graph.inputs[moment].kind == .moment)
        #expect(joint.graph.inputs[moment].shape == joint.graph.inputs[update.input].shape)
      }
    }
  }

  @Test(arguments: [false, true])
  func `on a chain each layer is updated before the layer below is differentiated`(
    isResidual: Bool
  ) throws {
    let chain = try DenseChain(depth: 20, isResidual: isResidual)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(Self.rules[2], parameters: chain.parameters)
    let lines = joint.graph.nodes[joint.forwardCount...].map(\.place.line)
    #expect(lines == lines.sorted(by: >))
  }

  @Test func `a shared parameter waits for its last use`() throws {
    let chain = try DenseChain(depth: 5, shares: true)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(.sgd(rate: 1), parameters: chain.parameters)
    #expect(joint.updates.count == 2)
    for update in joint.updates { #expect(joint.graph.nodes[update.node].place.line == 1) }
  }

  @Test func `what has no gradient is not updated, and nothing twice`() throws {
    let chain = try DenseChain(depth: 2)
    var joint = try JointGraph.differentiate(chain.graph, wrt: [0, chain.parameters[0]])
    joint.addUpdates(
      .sgd(rate: 1), parameters: [chain.parameters[0], chain.parameters[1], chain.parameters[0]])
    #expect(joint.updates.map(\.input) == [chain.parameters[0]])
    joint.addUpdates(.sgd(rate: 1), parameters: [0])
    try joint.graph.verify()
    #expect(joint.updates.map { joint.graph.nodes[$0.node].operands[0].input } == [1, 0])
  }

  @Test(arguments: 0..<100)
  func `updates stand at the earliest place that replays allow`(seed: Int) throws {
    var joint = try randomTraining(seed: seed)
    let parameters = joint.gradients.map(\.input)
    joint.addUpdates(.momentum(rate: 1, momentum: 0.5), parameters: parameters)
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
