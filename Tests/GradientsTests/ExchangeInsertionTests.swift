import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

/// Where exchanges stand in a training step.
struct ExchangeInsertionTests {
  private func step(
    _ duty: ExchangePlan.Duty, bucket: Int? = nil, clipping: Clipping = Clipping(), depth: Int = 4
  ) throws -> JointGraph {
    let chain = try DenseChain(depth: depth)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    let plan = UpdatePlan(
      .adam(rate: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8), clipping: clipping,
      exchange: ExchangePlan(duty, .ring, workers: 4, bucket: bucket))
    joint.addUpdates(plan, parameters: chain.parameters)
    try joint.graph.verify()
    return joint
  }

  private func exchange(_ joint: JointGraph, _ node: Int?) -> Exchange? {
    guard let node, case .exchange(let exchange) = joint.graph.nodes[node].operation else {
      return nil
    }
    return exchange
  }

  @Test func `each gradient is added up between where it is complete and its update`() throws {
    let joint = try step(.gradients)
    for update in joint.updates {
      let node = joint.graph.nodes[update.node]
      let sum = try #require(exchange(joint, node.operands[1].node))
      #expect(sum.kind == .allReduce && sum.values == 1)
      let given = joint.graph.nodes[try #require(node.operands[1].node)].operands[0].node
      #expect(given == joint.gradients.first { $0.input == update.input }?.value?.node)
    }
    #expect(joint.exchanges.count == joint.updates.count)
  }

  @Test func `gradients of a bucket are exchanged together, as soon as the last is complete`()
    throws
  {
    let joint = try step(.gradients, bucket: .max)
    #expect(joint.exchanges.count == 1)
    let node = joint.exchanges[0].node
    #expect(joint.graph.nodes[node].operands.count == joint.updates.count)
    #expect(joint.updates.allSatisfy { $0.node > node })
    for bucket in [1, 64, 256, 1024] {
      let joint = try step(.gradients, bucket: bucket, depth: 8)
      for exchanged in joint.exchanges {
        let operands = joint.graph.nodes[exchanged.node].operands
        let bytes = operands.reduce(0) { $0 + $1.shape.byteCount(of: $1.dtype) }
        #expect(bytes <= bucket || operands.count == 1)
      }
      let inputs = joint.exchanges.flatMap(\.inputs)
      #expect(inputs.sorted() == joint.updates.map(\.input).sorted())
    }
  }

  @Test func `a norm is that of the sums`() throws {
    let joint = try step(.gradients, clipping: Clipping(norm: 1))
    let scale = try #require(
      joint.graph.nodes.firstIndex { OperationKind($0.operation) == .gradientScale })
    for operand in joint.graph.nodes[scale].operands {
      #expect(exchange(joint, operand.node)?.kind == .allReduce)
    }
  }

  @Test func `an owner alone has moments of a parameter and updates it, and sends it`() throws {
    let steps = try (0..<4).map { try step(.owned(rank: $0)) }
    var owners: [Int: Int] = [:]
    for (rank, joint) in steps.enumerated() {
      for update in joint.updates where !update.moments.isEmpty {
        #expect(owners.updateValue(rank, forKey: update.input) == nil)
      }
      #expect(joint.updates.map(\.input) == steps[0].updates.map(\.input))
      // All come to the same exchanges in the same order.
      let sequence = joint.exchanges.map(\.inputs)
      #expect(sequence == steps[0].exchanges.map(\.inputs))
      for (mine, theirs) in zip(joint.exchanges, steps[0].exchanges) {
        #expect(
          exchange(joint, mine.node)?.name(isOwner: false)
            == exchange(steps[0], theirs.node)?.name(isOwner: false))
      }
    }
    #expect(owners.count == steps[0].updates.count)
  }

  @Test func `a worker of a server updates nothing`() throws {
    let joint = try step(.push)
    #expect(!joint.graph.nodes.contains { OperationKind($0.operation) == .update })
    #expect(joint.graph.inputs.allSatisfy { $0.kind != .moment })
    #expect(joint.updates.count == joint.exchanges.count)
  }

  @Test func `parameters are averaged behind their updates`() throws {
    let joint = try step(.parameters)
    for exchanged in joint.exchanges {
      let update = try #require(joint.updates.first { $0.input == exchanged.inputs[0] })
      #expect(exchanged.node == update.node + 1)
      #expect(exchange(joint, exchanged.node)?.kind == .average)
    }
  }

  @Test(arguments: [1, 2, 3, 7])
  func `owners have about as much each`(workers: Int) {
    let bytes = [64, 8, 8, 64, 16, 0, 32, 8, 8, 16]
    let owners = ExchangePlan.owners(ofBytes: bytes, workers: workers)
    var held = [Int](repeating: 0, count: workers)
    for (owner, bytes) in zip(owners, bytes) { held[owner] += bytes }
    // Largest first: nobody has more than the best share and one more piece.
    #expect((held.max() ?? 0) <= bytes.reduce(0, +) / workers + 64)
    #expect(Set(owners).count == workers)
  }
}

extension Exchange {
  /// Whether it is the same exchange for who owns and for who does not.
  fileprivate func name(isOwner: Bool) -> String {
    switch kind {
    case .reduce(let owner, _): "reduce \(owner)"
    case .broadcast(let owner): "broadcast \(owner)"
    case .allReduce, .average, .push: "\(kind)"
    }
  }
}
