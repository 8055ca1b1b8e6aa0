import Gradients
import Graphs
import Tensors
import Testing

struct DifferentiateTests {
  @Test func `a dense layer takes the fewest backward nodes, and makes no transpose`() throws {
    let chain = try DenseChain(depth: 3)
    let joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    try joint.graph.verify()
    // Relu, bias, weights and all but the first layer's input; one fill of the seed for the sum.
    #expect(joint.graph.nodes.count - joint.forwardCount == 3 * 4 - 1 + 1)
    let names = Set(joint.graph.nodes[joint.forwardCount...].map(\.operation.name))
    #expect(names == ["full", "relu_adjoint", "sum", "matmul"])
  }

  @Test func `differentiation ends where it is asked to stop`() throws {
    let chain = try DenseChain(depth: 300)
    var asked = 0
    #expect(throws: GradientError.cancelled) {
      try JointGraph.differentiate(chain.graph, wrt: chain.parameters) {
        asked += 1
        return asked == 2
      }
    }
    #expect(asked == 2)
  }

  @Test func `adjoints read results where the derivative follows from them`() throws {
    for function in Unary.allCases where function != .negate {
      var builder = GraphBuilder()
      let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
      let w = builder.input(Input(kind: .data, shape: [3], dtype: .f32, name: "w"))
      let doubled = try builder.binary(.multiply, x, w)
      let value = try builder.unary(function, doubled)
      builder.setResult(
        try builder.reduce(.sum, try builder.binary(.multiply, value, w), axes: [0]))
      let joint = try JointGraph.differentiate(builder.finished(), wrt: [0])
      let adjoint = joint.graph.nodes.first { $0.operation == .unaryAdjoint(function) }
      #expect(adjoint?.operands[1] == (function.savesResult ? value : doubled))
    }
  }

  @Test func `nodes come in reverse order, in no region, at the places they differentiate`() throws
  {
    let chain = try DenseChain(depth: 6, isResidual: true)
    let joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    try joint.graph.verify()
    #expect(joint.graph.nodes[..<joint.forwardCount].map(\.place) == chain.graph.nodes.map(\.place))
    let backward = joint.graph.nodes[joint.forwardCount...]
    let lines = backward.map(\.place.line)
    #expect(lines == lines.sorted(by: >))
    #expect(backward.allSatisfy { $0.region == nil && $0.name == nil })
    #expect(joint.graph.marks == chain.graph.marks)
  }

  @Test func `each backward node says which forward node it differentiates`() throws {
    let chain = try DenseChain(depth: 6, isResidual: true)
    var joint = try JointGraph.differentiate(chain.graph, wrt: chain.parameters)
    joint.addUpdates(UpdatePlan(.sgd(rate: 1)), parameters: chain.parameters)
    try joint.graph.verify()
    #expect(joint.graph.nodes[..<joint.forwardCount].allSatisfy { $0.differentiates == nil })
    let backward = joint.graph.nodes[joint.forwardCount...]
    let owners = backward.compactMap(\.differentiates)
    #expect(owners.count == backward.count)
    #expect(owners == owners.sorted(by: >))
    #expect(owners.first == joint.loss.node)
    for node in backward where !node.operation.writesInPlace {
      #expect(joint.graph.nodes[try #require(node.differentiates)].place == node.place)
    }
  }

  @Test func `a sum of adjoints is of the node whose contribution came second`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
    let a = try builder.unary(.sin, x)
    let (first, second) = (try builder.unary(.tanh, a), try builder.unary(.exp, a))
    builder.setResult(
      try builder.reduce(.sum, try builder.binary(.add, first, second), axes: [0]))
    let joint = try JointGraph.differentiate(builder.finished(), wrt: [0])
    let owners = joint.graph.nodes[joint.forwardCount...].map {
      "\($0.operation.name) \($0.differentiates ?? -1)"
    }
    #expect(
      owners == ["full 4", "exp_adjoint 2", "tanh_adjoint 1", "add 1", "sin_adjoint 0"])
  }

  @Test func `adjoints that meet are added as the second arrives`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
    let a = try builder.unary(.sin, x)
    let parts = try (0..<4).map { _ in try builder.unary(.tanh, a) }
    let sums = try parts.dropFirst().reduce(parts[0]) { try builder.binary(.add, $0, $1) }
    builder.setResult(try builder.reduce(.sum, sums, axes: [0]))
    let joint = try JointGraph.differentiate(builder.finished(), wrt: [0])
    let names = joint.graph.nodes[joint.forwardCount...].map(\.operation.name)
    #expect(
      names == [
        "full", "tanh_adjoint", "tanh_adjoint", "add", "tanh_adjoint", "add", "tanh_adjoint", "add",
        "sin_adjoint",
      ])
  }

  @Test func `only what lies between the named inputs and the loss is differentiated`() throws {
    let chain = try DenseChain(depth: 4)
    let last = try JointGraph.differentiate(chain.graph, wrt: [chain.parameters[7]])
    #expect(
      last.graph.nodes[last.forwardCount...].map(\.operation.name) == [
        "full", "relu_adjoint", "sum",
      ])
    #expect(last.gradients.map(\.input) == [chain.parameters[7]])
  }

  @Test func `inputs without influence, and integers, have no gradient`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
    let n = builder.input(Input(kind: .data, shape: [3], dtype: .i32, name: "n"))
    _ = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "unused"))
    let rounded = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "r"))
    let steps = try builder.binary(.floorDivide, rounded, x)
    let sum = try builder.binary(.add, try builder.binary(.multiply, x, n), steps)
    builder.setResult(try builder.reduce(.sum, sum, axes: [0]))
    let joint = try JointGraph.differentiate(builder.finished(), wrt: [0, 1, 2, 3])
    #expect(joint.gradients.map { $0.value != nil } == [true, false, false, false])
  }

  @Test func `a loss that is an input, read in one shape or another, has the gradient 1`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [1], dtype: .f64, name: "x"))
    builder.setResult(x.reshaped([1, 1]))
    let joint = try JointGraph.differentiate(builder.finished(), wrt: [0, 0])
    let run = Interpreter(joint.graph, inputs: [Numbers([1], [5])])
    #expect(joint.gradients.map { $0.value.map { run.value($0).values } } == [[1], [1]])
  }

  @Test func `a block without one floating number has no gradient`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
    #expect(throws: GradientError.noResult) {
      try JointGraph.differentiate(builder.graph, wrt: [0])
    }
    builder.setResult(x)
    #expect(throws: GradientError.notScalar([3])) {
      try JointGraph.differentiate(builder.graph, wrt: [0])
    }
    builder.setResult(try builder.emit(.argReduce(.greatest, axis: 0), [x]))
    #expect(throws: GradientError.notFloating(.i32)) {
      try JointGraph.differentiate(builder.graph, wrt: [0])
    }
    builder.setResult(try builder.reduce(.sum, x, axes: [0]))
    #expect(throws: GradientError.noSuchInput(1)) {
      try JointGraph.differentiate(builder.graph, wrt: [1])
    }
  }

  @Test func `an adjoint that would be too large is refused`() throws {
    // Batches of [2^20, 1]ᵀ · [2^20, 2^10] are small; the adjoint of the shared right operand,
    // batch by batch, is not.
    var builder = GraphBuilder()
    let a = builder.input(
      Input(kind: .data, shape: [1 << 20, 1 << 20, 1], dtype: .f32, name: "a"))
    let b = builder.input(
      Input(kind: .parameter, shape: [1 << 20, 1 << 10], dtype: .f32, name: "b"))
    let product = try builder.emit(.matmul(transposeLeft: true, transposeRight: false), [a, b])
    builder.setResult(try builder.reduce(.sum, product, axes: [0, 1, 2]))
    let error = #expect(throws: GradientError.self) {
      try JointGraph.differentiate(builder.graph, wrt: [1])
    }
    guard case .shape(let refusal) = error else {
      Issue.record("not refused for its size")
      return
    }
    #expect(refusal.problem == .rule(.elementLimit))
  }

  @Test func `a joint graph prints its halves, and its gradients`() throws {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "x"))
    builder.place = Place(file: "a", line: 2, column: 1, endLine: 2, endColumn: 2)
    let square = try builder.unary(.tanh, x)
    builder.setResult(try builder.reduce(.sum, square, axes: [0]))
    var joint = try JointGraph.differentiate(builder.finished(), wrt: [0])
    joint.addUpdates(UpdatePlan(.sgd(rate: 0.1)), parameters: [0])
    #expect(
      joint.description == """
        @0 = parameter x : f32[3]
        forward
        %0 = tanh @0 : f32[3]   # line 2
        %1 = sum(axes: [0]) %0 : f32[]   # line 2
        backward
        %2 = full(1.0) : f32[3]   # line 2
        %3 = tanh_adjoint %2, %0 : f32[3]   # line 2
        %4 = update(sgd(lr: 0.1)) @0, %3   # line 2
        loss %1
        gradient @0 = %3
        """)
  }
}
