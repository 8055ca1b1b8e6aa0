import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

struct ReversalTests {
  /// x · w through tanh.
  private static func layer(_ w: Operand) -> GraphBuilder.Part {
    { builder, x in try builder.unary(.tanh, try builder.matmul(x, w)) }
  }

  static let checks: [GradientCheck] = [
    GradientCheck("one block", [([3, 4], .real), ([2, 2], .real), ([2, 2], .real)]) { builder, x in
      try builder.reversible(x[0], f: layer(x[1]), g: layer(x[2]))
    },
    GradientCheck(
      "a row of blocks, with parameters that they share",
      [([3, 4], .real), ([2, 2], .real), ([2, 2], .real)]
    ) { builder, x in
      var y = try builder.unary(.sin, x[0])
      for _ in 0..<3 { y = try builder.reversible(y, f: layer(x[1]), g: layer(x[2])) }
      return try builder.unary(.sigmoid, y)
    },
    GradientCheck("a reshape between blocks", [([2, 2, 4], .real), ([2, 2], .real)]) { builder, x in
      let first = try builder.reversible(x[0], f: layer(x[1]), g: { try $0.unary(.sin, $1) })
      let wide = first.reshaped([2, 8])
      return try builder.reversible(
        wide, f: { try $0.unary(.tanh, $1) }, g: { try $0.unary(.square, $1) })
    },
    GradientCheck("a block in f and two in g", [([3, 8], .real), ([2, 2], .real)]) { builder, x in
      try builder.reversible(
        x[0],
        f: { builder, h in try builder.reversible(h, f: layer(x[1]), g: { try $0.unary(.sin, $1) })
        },
        g: { builder, h in
          let inner = try builder.reversible(h, f: { try $0.unary(.cos, $1) }, g: layer(x[1]))
          return try builder.reversible(inner, f: layer(x[1]), g: { try $0.unary(.tanh, $1) })
        })
    },
    GradientCheck("identities and values from outside", [([2, 4], .real), ([2, 2], .real)]) {
      builder, x in
      let outer = try builder.unary(.exp, x[1])
      let first = try builder.reversible(x[0], f: { $1 }, g: { _, _ in outer })
      return try builder.reversible(
        first, f: { _, _ in x[1] }, g: { try $0.binary(.multiply, $1, outer) })
    },
    GradientCheck("values that leave the block", [([3, 4], .real), ([2, 2], .real)]) { builder, x in
      var leaked: [Operand] = []
      let y = try builder.reversible(
        x[0],
        f: { builder, h in
          let inner = try layer(x[1])(&builder, h)
          leaked += [h, inner]
          return try builder.reversible(inner, f: { $1 }, g: { try $0.unary(.sin, $1) })
        },
        g: { builder, h in
          leaked.append(h)
          leaked.append(try builder.unary(.square, h))
          return try builder.unary(.tanh, leaked[3])
        })
      let twice = try builder.reversible(y, f: layer(x[1]), g: { try $0.unary(.sin, $1) })
      var sum = try builder.reduce(.average, twice, axes: [1], keepDims: true)
      for value in leaked { sum = try builder.binary(.multiply, sum, value) }
      return try builder.emit(.concat(axis: 1), [sum, y])
    },
    GradientCheck("a skip over blocks", [([3, 4], .real), ([2, 2], .real)]) { builder, x in
      let h = try builder.unary(.sin, x[0])
      let y = try builder.reversible(h, f: layer(x[1]), g: layer(x[1]))
      let z = try builder.reversible(y, f: layer(x[1]), g: layer(x[1]))
      return try builder.binary(.add, try builder.binary(.multiply, z, y), h)
    },
    GradientCheck("dropout and draws", [([5, 4], .real), ([2, 2], .real)]) { builder, x in
      try builder.reversible(
        x[0],
        f: { builder, h in
          let dropped = try builder.emit(.dropout(rate: 0.4, site: 1), [h])
          return try layer(x[1])(&builder, dropped)
        },
        g: { builder, h in
          let noise = try builder.emit(.random(.normal, .f64, h.shape, site: 2), [])
          return try builder.unary(.sin, try builder.binary(.multiply, h, noise))
        })
    },
    GradientCheck("a part that no gradient passes", [([2, 4], .real), ([2, 2], .real)]) {
      builder, x in
      try builder.reversible(
        x[0],
        f: { builder, h in
          try builder.cast(try builder.emit(.binary(.less), [h, x[1]]), to: .f64)
        },
        g: { builder, h in try builder.emit(.fill(3, .f64, h.shape), []) })
    },
  ]

  @Test(arguments: checks)
  func `gradients agree with central differences`(check: GradientCheck) throws {
    try check.run()
  }

  @Test(arguments: checks)
  func `gradients agree with the plain ones, with respect to any of the inputs`(
    check: GradientCheck
  ) throws {
    let graph = try check.graph(.weighted)
    #expect(!graph.reversals.isEmpty)
    var plain = graph
    plain.reversals = []
    var random = SplitMix(seed: 5)
    let point = graph.inputs.map { input in
      Numbers(input.shape) { _ in GradientCheck.Domain.real.sample(using: &random) }
    }
    let all = Array(graph.inputs.indices)
    for wrt in [all] + all.map({ [$0] }) {
      let joint = try JointGraph.differentiate(graph, wrt: wrt)
      let reference = try JointGraph.differentiate(plain, wrt: wrt)
      try joint.graph.verify()
      let values = Interpreter(joint.graph, inputs: point)
      let expected = Interpreter(reference.graph, inputs: point)
      #expect(values.value(joint.loss).values == expected.value(reference.loss).values)
      for (gradient, other) in zip(joint.gradients, reference.gradients) {
        let found = gradient.value.map { values.value($0).values }
        let wanted = other.value.map { expected.value($0).values }
        #expect(found?.count == wanted?.count)
        for (a, b) in zip(found ?? [], wanted ?? []) {
          #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "\(check.label) wrt \(wrt)")
        }
      }
    }
  }

  /// A dense layer, a row of reversible blocks with parameters of their own, and a dense layer;
  /// each node of block i has the place of line i + 1.
  private func row(of count: Int) throws -> (graph: Graph, parameters: [Int]) {
    var builder = GraphBuilder()
    func parameter(_ shape: Shape) -> Operand {
      builder.input(Input(kind: .parameter, shape: shape, dtype: .f64, name: ""))
    }
    let x = builder.input(Input(kind: .data, shape: [3, 4], dtype: .f64, name: "x"))
    var h = try builder.matmul(x, parameter([4, 4]))
    builder.enterRegion()
    for _ in 0..<count {
      let (f, g) = (parameter([2, 2]), parameter([2, 2]))
      h = try builder.reversible(h, f: Self.layer(f), g: Self.layer(g))
    }
    builder.leaveRegion()
    h = try builder.matmul(h, parameter([4, 4]))
    builder.setResult(try builder.reduce(.sum, h, axes: [0, 1]))
    let graph = builder.finished()
    let parameters = graph.inputs.indices.filter { graph.inputs[$0].kind == .parameter }
    return (graph, parameters)
  }

  @Test(arguments: [1, 2, 7])
  func `the backward pass reads one forward value of a row: the last`(count: Int) throws {
    let (graph, parameters) = try row(of: count)
    let joint = try JointGraph.differentiate(graph, wrt: parameters)
    try joint.graph.verify()
    let backward = joint.graph.nodes[joint.forwardCount...]
    let read = Set(
      backward.flatMap { $0.operands.compactMap(\.node) }.filter { $0 < joint.forwardCount })
    #expect(read == [try #require(graph.reversals.last?.output)])
    #expect(backward.allSatisfy { $0.region == nil && $0.name == nil })
  }

  @Test func `a copy stands for a forward node, and differentiates it`() throws {
    let (graph, parameters) = try row(of: 3)
    let joint = try JointGraph.differentiate(graph, wrt: parameters)
    let (nodes, count) = (joint.graph.nodes, joint.forwardCount)
    let copies = nodes[count...].filter { $0.operation == .unary(.tanh) }
    let owners = copies.compactMap(\.differentiates)
    // Of the last block first, and of each block G before F.
    #expect(
      owners
        == nodes.indices.filter { nodes[$0].operation == .unary(.tanh) && $0 < count }
        .reversed())
    #expect(nodes[count...].allSatisfy { $0.differentiates ?? count < count })
  }

  @Test func `the first block's input is not computed back where nothing wants it`() throws {
    func subtractions(_ graph: Graph, _ wrt: [Int]) throws -> Int {
      let joint = try JointGraph.differentiate(graph, wrt: wrt)
      return joint.graph.nodes.count { $0.operation == .binary(.subtract) }
    }
    let (graph, parameters) = try row(of: 3)
    // Of each block two halves, of the first only x₂: the layer below does not read its own value.
    #expect(try subtractions(graph, parameters) == 5)
    // A gradient of the last parameter alone goes through no block.
    #expect(try subtractions(graph, [try #require(parameters.last)]) == 0)
  }

  @Test func `updates come after the copies that read the parameter`() throws {
    let (graph, parameters) = try row(of: 4)
    var joint = try JointGraph.differentiate(graph, wrt: parameters)
    joint.addUpdates(UpdatePlan(.sgd(rate: 1)), parameters: parameters)
    try joint.graph.verify()
    #expect(joint.updates.map(\.input) == parameters)
    for update in joint.updates {
      for node in joint.graph.nodes[(update.node + 1)...] {
        #expect(!node.operands.contains { $0.input == update.input })
      }
    }
    // A block is updated before the block below it is computed back.
    let order = joint.updates.dropFirst().dropLast().map(\.node)
    let blocks = stride(from: 0, to: order.count, by: 2).map { order[$0] }
    #expect(blocks == blocks.sorted(by: >))
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0 - $1 > 5 })
  }
}
