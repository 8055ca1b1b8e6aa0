import Gradients
import Graphs
import Tensors

/// Rows for gradients that are taken inside a block.
extension AdjointTable {
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

  static let gradientsInside: [GradientCheck] =
    layersInside + lossesInside + attentionsInside + cellsInside

  private static let layersInside: [GradientCheck] = [
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

  private static let lossesInside: [GradientCheck] =
    [LabelRule.plain, LabelRule(smoothing: 0.3, ignored: 1)].flatMap { rule in
      [
        inner("a cross entropy", [([4, 3], .real), ([4], .integer(below: 3))]) { builder, x in
          try builder.emit(.crossEntropy(rule), [try builder.unary(.gelu, x[0]), x[1]])
        },
        inner(
          "a cross entropy in pieces, by rows",
          [([4, 2], .real), ([2, 5], .real), ([4], .integer(below: 5))]
        ) { builder, x in
          try builder.emit(.linearCrossEntropy(rule, pieces: 2), x)
        },
        inner(
          "a cross entropy in pieces, by weights",
          [([2, 5], .real), ([2, 2, 2], .real), ([2, 2], .integer(below: 5))]
        ) { builder, x in
          try builder.emit(.linearCrossEntropy(rule, pieces: 3), [x[1], x[0], x[2]])
        },
      ]
    }
    + lossesOfTwo.flatMap { loss in
      [
        inner("\(loss.name)", [([2, 3], .real), ([2, 3], .real)]) { builder, x in
          try builder.emit(.pairLoss(loss), [try builder.unary(.tanh, x[0]), x[1]])
        },
        inner("\(loss.name), by the second", [([2, 3], .real), ([2, 3], .real)]) { builder, x in
          try builder.emit(.pairLoss(loss), [x[1], try builder.unary(.sin, x[0])])
        },
      ]
    }

  private static let attentionsInside: [GradientCheck] =
    [(false, false), (true, false), (true, true)].flatMap { isCausal, headsInside in
      (0..<3).map { part in
        inner(
          "attention, by part \(part)",
          [([2, 3, 2], .real), ([2, 3, 2], .real), ([2, 3, 2], .real)]
        ) { builder, x in
          let form = Attention(
            isCausal: isCausal, scale: 0.7, isMasked: false, headsInside: headsInside)
          var operands = Array(x.dropFirst())
          operands.insert(x[0], at: part)
          return try builder.unary(.sin, try builder.emit(.attention(form), operands))
        }
      }
    } + [
      inner("attention of itself, masked", [([2, 3, 2], .real)]) { builder, x in
        let mask = try builder.emit(.literal([1, 0, 1, 1, 1, 0, 0, 1, 1], .bool, [3, 3]), [])
        let form = Attention(isCausal: false, scale: 0.7, isMasked: true)
        let value = try builder.emit(.attention(form), [x[0], x[0], x[0], mask])
        return try builder.unary(.square, value)
      }
    ]

  private static let cellsInside: [GradientCheck] =
    (0..<3).map { part in
      let shapes: [Shape] = [[2, 6], [2, 6], [2, 2]]
      let others = shapes.indices.filter { $0 != part }
      return inner(
        "two steps of a gru, by part \(part)", ([part] + others).map { (shapes[$0], .real) }
      ) { builder, x in
        var operands = Array(x.dropFirst())
        operands.insert(x[0], at: part)
        let first = try builder.emit(.cell(.gru), operands)
        let second = try builder.emit(.cell(.gru), [operands[1], operands[0], first])
        return try builder.unary(.square, second)
      }
    }
    + (0..<2).map { part in
      let shapes: [Shape] = [[2, 8], [2, 2]]
      return inner(
        "two steps of an lstm, by part \(part)", [part, 1 - part].map { (shapes[$0], .real) }
      ) { builder, x in
        let (a, c) = part == 0 ? (x[0], x[1]) : (x[1], x[0])
        let first = try builder.emitAll(.cell(.lstm), [a, c])
        let second = try builder.emitAll(.cell(.lstm), [a, first[1]])
        return try builder.binary(.multiply, second[0], second[1])
      }
    } + [
      GradientCheck("inside a gradient inside: a gru", [([1, 3], .real), ([1, 1], .real)]) {
        builder, x in
        var value = try builder.emit(.cell(.gru), [x[0], x[0], x[1]])
        for _ in 0..<2 {
          let sum = try builder.reduce(.sum, value, axes: [0, 1])
          value = try builder.differentiate(sum, wrt: [x[0]], from: 0)[0] ?? value
        }
        return value
      }
    ]
}
