import Gradients
import Graphs
import Tensors

/// Rows for second derivatives: of the operations that differentiation makes, and of gradients that
/// are taken inside a block.
extension AdjointTable {
  static let adjointOperations: [GradientCheck] =
    Unary.allCases.filter { $0 != .negate }.map { function in
      let domain: GradientCheck.Domain = [.log, .sqrt].contains(function) ? .positive : .real
      return GradientCheck(.unaryAdjoint(function), [([2, 3], .real), ([2, 3], domain)])
    } + [
      GradientCheck(.clipAdjoint(low: -0.5, high: 0.8), [([3, 4], .real), ([3, 4], .real)]),
      GradientCheck(
        .crossEntropyAdjoint(), [([], .real), ([4, 3], .real), ([4], .integer(below: 3))]),
      GradientCheck(
        .crossEntropyAdjoint(), [([], .real), ([2, 2, 3], .real), ([2, 2], .integer(below: 3))]),
    ]
    + [0, 1].flatMap { axis in
      [
        GradientCheck(.softmaxAdjoint(axis: axis), [([3, 2], .real), ([3, 2], .real)]),
        GradientCheck(.logSoftmaxAdjoint(axis: axis), [([3, 2], .real), ([3, 2], .real)]),
      ]
    }

  /// The gradient of a number by `x[0]`, taken inside the graph.
  static func inner(
    _ label: String, _ inputs: [(Shape, GradientCheck.Domain)],
    _ build: @escaping @Sendable (inout GraphBuilder, [Operand]) throws -> Operand
  ) -> GradientCheck {
    GradientCheck("inside: \(label)", inputs) { builder, x in
      let first = builder.graph.nodes.count
      let value = try build(&builder, x)
      let loss = try builder.reduce(.sum, value, axes: Array(0..<value.shape.rank))
      let gradients = try builder.differentiate(loss, wrt: [x[0]], from: first)
      guard let gradient = gradients[0] else { return value }
      return gradient
    }
  }

  static let gradientsInside: [GradientCheck] = [
    inner("a layer norm", [([3, 4], .real), ([4], .real), ([4], .real)]) { builder, x in
      try builder.unary(.tanh, try builder.emit(.layerNorm(epsilon: 0.1), [x[0], x[1], x[2]]))
    },
    inner("its gain", [([4], .real), ([3, 4], .real)]) { builder, x in
      try builder.unary(.sin, try builder.emit(.layerNorm(epsilon: 0.1), [x[1], x[0], x[0]]))
    },
    inner("two dense layers", [([3, 4], .real), ([2, 3], .real), ([4, 2], .real)]) { builder, x in
      let hidden = try builder.unary(.tanh, try builder.matmul(x[1], x[0]))
      return try builder.unary(.softplus, try builder.matmul(hidden, x[2]))
    },
    inner("a loss", [([4, 3], .real), ([4], .integer(below: 3))]) { builder, x in
      try builder.emit(.crossEntropy(), [try builder.unary(.gelu, x[0]), x[1]])
    },
    inner("a softmax, dropped out", [([4, 3], .real), ([4, 3], .real)]) { builder, x in
      let softmax = try builder.emit(.softmax(axis: 1), [x[0]])
      let kept = try builder.emit(.dropout(rate: 0.4, site: 5), [softmax])
      return try builder.binary(.multiply, try builder.unary(.square, kept), x[1])
    },
    GradientCheck("inside a gradient inside: x⁵", [([3], .positive)]) { builder, x in
      var value = try builder.scalar(.power, x[0], 5)
      let first = 0
      for _ in 0..<2 {
        let sum = try builder.reduce(.sum, value, axes: [0])
        value = try builder.differentiate(sum, wrt: [x[0]], from: first)[0] ?? value
      }
      return value
    },
    GradientCheck("inside: a value between", [([3], .real), ([3], .real)]) { builder, x in
      let middle = try builder.unary(.sin, x[0])
      let first = builder.graph.nodes.count
      let product = try builder.binary(.multiply, try builder.unary(.exp, middle), x[1])
      let sum = try builder.reduce(.sum, product, axes: [0])
      let gradient = try builder.differentiate(sum, wrt: [middle], from: first)[0] ?? middle
      return try builder.binary(.multiply, gradient, middle)
    },
  ]
}
