import GraphLab
import Graphs
import Tensors
import Testing

struct ReversalTests {
  /// exp, one reversible block with f = tanh and g = sin, and the sum; a dead node before the block
  /// and one in f.
  private func builder() throws -> GraphBuilder {
    var builder = GraphBuilder()
    let input = builder.input(Input(kind: .data, shape: [2, 4], dtype: .f32, name: "x"))
    _ = try builder.emit(.unary(.cos), [input])
    let x = try builder.emit(.unary(.exp), [input])
    let rows = AxisSlice(start: 0, count: 2)
    let x1 = try builder.emit(.slice([rows, AxisSlice(start: 0, count: 2)]), [x])
    let x2 = try builder.emit(.slice([rows, AxisSlice(start: 2, count: 2)]), [x])
    _ = try builder.emit(.unary(.cos), [x2])
    let f = try builder.emit(.unary(.tanh), [x2])
    let y1 = try builder.emit(.binary(.add), [x1, f])
    let g = try builder.emit(.unary(.sin), [y1])
    let y2 = try builder.emit(.binary(.add), [x2, g])
    let y = try builder.emit(.concat(axis: 1), [y1, y2])
    builder.markReversal(
      Graph.Reversal(input: x, x1: 2, x2: 3, f: f, y1: 6, g: g, y2: 8, output: 9))
    builder.setResult(try builder.reduce(.sum, y, axes: [0, 1]))
    return builder
  }

  @Test func `a reversal moves with its nodes`() throws {
    let whole = try builder().graph
    try whole.verify()
    #expect(whole.reversals[0].nodesOfF == 4..<6)
    let graph = try builder().finished()
    try graph.verify()
    #expect(graph.nodes.count == whole.nodes.count - 2)
    let reversal = try #require(graph.reversals.first)
    #expect(reversal.input.node == 0)
    #expect(
      [reversal.x1, reversal.x2, reversal.y1, reversal.y2, reversal.output] == [1, 2, 4, 6, 7])
    #expect(reversal.f.node == 3)
    #expect(reversal.g.node == 5)
    #expect(reversal.nodesOfF == 3..<4)
    #expect(reversal.nodesOfG == 5..<6)
  }

  @Test func `a reversal goes with its output`() throws {
    var graph = try builder().graph
    graph.result = Operand(.node(6), shape: [2, 2], dtype: .f32)
    let compact = graph.removingUnused().graph
    try compact.verify()
    #expect(compact.reversals == [])
    #expect(compact.nodes.count == 5)
  }

  @Test func `a reversal prints below its last node, and tells signatures apart`() throws {
    var graph = try builder().finished()
    let lines = graph.description.split(separator: "\n")
    let line = try #require(lines.firstIndex(of: "↺ %0 follows from %7"))
    #expect(lines[line - 1].hasPrefix("%7 = concat"))
    let signature = graph.signature
    graph.reversals = []
    #expect(graph.signature != signature)
    #expect(!graph.description.contains("↺"))
  }

  @Test func `a reversal that is not what it says is a fault`() throws {
    let whole = try builder().graph
    func fault(
      input: Operand? = nil, x1: Int = 2, x2: Int = 3, f: Operand? = nil, y1: Int = 6,
      y2: Int = 8, output: Int = 9
    ) -> GraphFault? {
      var graph = whole
      let old = graph.reversals[0]
      graph.reversals = [
        Graph.Reversal(
          input: input ?? old.input, x1: x1, x2: x2, f: f ?? old.f, y1: y1, g: old.g, y2: y2,
          output: output)
      ]
      do { try graph.verify() } catch { return error }
      return nil
    }
    #expect(fault() == nil)
    let other = Operand(.node(0), shape: [2, 4], dtype: .f32)
    #expect(fault(input: other) == .reversal(0))
    #expect(fault(x1: -1, x2: 0) == .reversal(0))
    #expect(fault(x1: 3, x2: 2) == .reversal(0))
    #expect(fault(f: Operand(.node(4), shape: [2, 2], dtype: .f32)) == .reversal(0))
    #expect(fault(y1: 5) == .reversal(0))
    #expect(fault(y2: 7, output: 8) == .reversal(0))
    #expect(fault(output: 10) == .reversal(0))
    #expect(fault(y2: 99, output: 100) == .reversal(0))
    var twice = whole
    twice.reversals += twice.reversals
    #expect(throws: GraphFault.reversal(1)) { try twice.verify() }
  }
}
