import GraphLab
import Graphs
import Tensors
import Testing

struct VerifyTests {
  private func chain() throws -> Graph {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .data, shape: [4], dtype: .f32, name: "x"))
    builder.enterRegion()
    let a = try builder.emit(.unary(.exp), [x])
    let b = try builder.emit(.unary(.tanh), [a])
    builder.leaveRegion()
    builder.mark("first")
    builder.setResult(try builder.reduce(.sum, b, axes: [0]))
    builder.mark("second")
    return builder.finished()
  }

  @Test func `a graph from the builder passes`() throws {
    try chain().verify()
    try Graph().verify()
  }

  @Test func `each fault is found`() throws {
    func fault(_ spoil: (inout Graph) -> Void) throws -> GraphFault? {
      var graph = try chain()
      spoil(&graph)
      do { try graph.verify() } catch { return error }
      return nil
    }
    func spoiled(_ node: Int, _ change: (Node) -> Node) throws -> GraphFault? {
      try fault { $0.nodes[node] = change($0.nodes[node]) }
    }
    let late = Operand(.node(2), shape: [4], dtype: .f32)
    #expect(try spoiled(1) { $0.replacing(operands: [late]) } == .order(node: 1, operand: 0))
    let foreign = Operand(.input(9), shape: [4], dtype: .f32)
    #expect(try spoiled(1) { $0.replacing(operands: [foreign]) } == .order(node: 1, operand: 0))
    let short = Operand(.node(0), shape: [3], dtype: .f32)
    #expect(try spoiled(1) { $0.replacing(operands: [short]) } == .use(node: 1, operand: 0))
    let wide = Operand(.node(0), shape: [4], dtype: .f64)
    #expect(try spoiled(1) { $0.replacing(operands: [wide]) } == .use(node: 1, operand: 0))
    let square = TensorType([2, 2], .f32)
    #expect(try spoiled(1) { $0.replacing(results: [square]) } == .type(node: 1))
    let second = Operand(.node(0, result: 1), shape: [4], dtype: .f32)
    #expect(try spoiled(1) { $0.replacing(operands: [second]) } == .result(node: 1, operand: 0))
    #expect(try spoiled(1) { $0.replacing(results: $0.results + $0.results) } == .type(node: 1))
    #expect(try spoiled(1) { $0.replacing(differentiates: 1) } == .differentiates(node: 1))
    #expect(try spoiled(1) { $0.replacing(operands: []) }?.isRule == true)
    #expect(try spoiled(0) { $0.replacing(region: 5) } == .region(5))
    #expect(try fault { $0.regions[0] = Graph.Region(parent: 0) } == .region(0))
    #expect(
      try fault { graph in
        graph.nodes[1] = graph.nodes[1].replacing(region: .some(nil))
        graph.nodes[2] = graph.nodes[2].replacing(region: 0)
      } == .scattered(region: 0, node: 2))
    #expect(try fault { $0.marks.append(Graph.Mark(node: 1, label: "")) } == .mark(2))
    #expect(try fault { $0.marks.append(Graph.Mark(node: 9, label: "")) } == .mark(2))
    let value = Operand(.node(0), shape: [4], dtype: .f32)
    #expect(try fault { $0.stateUpdates = [.init(input: 0, value: value)] } == .state(0))
    #expect(try fault { $0.result = short } == .use(node: nil, operand: 0))
    #expect(
      try fault { graph in
        let x = Operand(.input(0), shape: [4], dtype: .f32)
        graph.nodes.append(
          Node(operation: .update(.sgd(rate: 1)), operands: [x, value], results: []))
        graph.result = Operand(.node(3), shape: [0], dtype: .f32)
      } == .effect(node: 4, operand: 0))
  }

  @Test(arguments: 0..<200)
  func `random graphs pass before and after removing what is unused`(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var builder = GraphBuilder()
    var values = [
      builder.input(Input(kind: .data, shape: [2, 3], dtype: .f32, name: "x")),
      builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "b")),
    ]
    var depth = 0
    for step in 0..<Int.random(in: 1...30, using: &random) {
      let a = values[Int.random(in: 0..<values.count, using: &random)]
      let b = values[Int.random(in: 0..<values.count, using: &random)]
      switch Int.random(in: 0..<7, using: &random) {
      case 0: values.append(try builder.unary(.tanh, a))
      case 1:
        values.append(
          try builder.binary(.add, a.reshaped([a.shape.count]), b.reshaped([b.shape.count, 1])))
      case 2:
        builder.enterRegion()
        depth += 1
      case 3 where depth > 0:
        builder.leaveRegion()
        depth -= 1
      case 4: builder.mark("\(step)")
      case 5 where a.shape.rank == 2: values.append(try builder.emit(.permute([1, 0]), [a]))
      default: values.append(try builder.reduce(.sum, a, axes: [0], keepDims: true))
      }
      if let last = values.last, last.shape.count > 1000 { values.removeLast() }
    }
    builder.setResult(values[values.count - 1])
    try builder.graph.verify()
    let graph = builder.finished()
    try graph.verify()
    #expect(graph.nodes.count <= builder.graph.nodes.count)
    #expect(graph.removingUnused().graph == graph)
  }
}

extension GraphFault {
  fileprivate var isRule: Bool { if case .rule = self { true } else { false } }
}
