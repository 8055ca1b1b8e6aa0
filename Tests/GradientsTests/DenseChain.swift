import Graphs
import Tensors

/// A chain of dense layers with relu: line i + 1 of the source makes stage i. With `isResidual` a
/// stage also normalises its input and adds it to what it makes.
struct DenseChain {
  let graph: Graph
  /// Weights and bias of each stage, in order.
  let parameters: [Int]

  init(depth: Int, isResidual: Bool = false, shares: Bool = false) throws {
    var builder = GraphBuilder()
    var x = builder.input(Input(kind: .data, shape: [2, 4], dtype: .f64, name: "x"))
    var parameters: [Int] = []
    var weights: [Operand] = []
    for stage in 0..<depth {
      let line = stage + 1
      builder.place = Place(file: "", line: line, column: 1, endLine: line, endColumn: 2)
      if stage == 0 || !shares {
        for (name, shape) in [("w", [4, 4] as Shape), ("b", [4])] {
          weights.append(
            builder.input(
              Input(kind: .parameter, shape: shape, dtype: .f64, name: "layers[\(stage)].\(name)")))
          parameters.append(builder.graph.inputs.count - 1)
        }
      }
      var inner = x
      if isResidual {
        let mean = try builder.reduce(.average, x, axes: [1], keepDims: true)
        inner = try builder.binary(.subtract, x, mean)
      }
      let (w, b) = (weights[weights.count - 2], weights[weights.count - 1])
      let product = try builder.matmul(inner, w)
      let sum = try builder.binary(.add, product, b)
      let active = try builder.unary(.relu, sum)
      x = isResidual ? try builder.binary(.add, active, x) : active
      builder.mark("stage \(stage)")
    }
    let line = depth + 1
    builder.place = Place(file: "", line: line, column: 1, endLine: line, endColumn: 2)
    builder.setResult(try builder.reduce(.sum, x, axes: [0, 1]))
    self.graph = builder.finished()
    self.parameters = parameters
  }
}
