import GraphLab
import Graphs
import Tensors

extension GraphBuilder {
  typealias Part = (inout GraphBuilder, Operand) throws -> Operand

  /// A reversible block on the last axis.
  mutating func reversible(_ x: Operand, f: Part, g: Part) throws -> Operand {
    let axis = x.shape.rank - 1
    let half = x.shape[axis] / 2
    func slice(from start: Int) -> Graphs.Operation {
      .slice(
        x.shape.axes.enumerated().map {
          $0.offset == axis
            ? AxisSlice(start: start, count: half) : AxisSlice(start: 0, count: $0.element)
        })
    }
    let x1 = try emit(slice(from: 0), [x])
    let x2 = try emit(slice(from: half), [x])
    let f = try f(&self, x2)
    let y1 = try emit(.binary(.add), [x1, f])
    let g = try g(&self, y1)
    let y2 = try emit(.binary(.add), [x2, g])
    let y = try emit(.concat(axis: axis), [y1, y2])
    let nodes = [x1, x2, y1, y2, y].map { $0.node ?? -1 }
    markReversal(
      Graph.Reversal(
        input: x, x1: nodes[0], x2: nodes[1], f: f, y1: nodes[2], g: g, y2: nodes[3],
        output: nodes[4]))
    return y
  }
}
