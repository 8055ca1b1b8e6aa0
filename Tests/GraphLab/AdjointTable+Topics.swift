import Graphs
import Tensors

/// Rows for normalisations, attention and recurrent cells.
extension AdjointTable {
  static let topics: [GradientCheck] = channelNorms + normsInside + attentions + cells

  /// Gradients of norms inside a block, differentiated again.
  static let normsInside: [GradientCheck] = [Normalization.batch, .group(2), .rms].map { kind in
    inner("\(kind)", [([3, 2, 4], .real), ([4], .real)]) { builder, x in
      let operands = x + Array(repeating: x[1], count: kind.parts.count - 2)
      return try builder.unary(.tanh, try builder.emit(.normalize(kind, epsilon: 0.1), operands))
    }
  }

  static let channelNorms: [GradientCheck] =
    [
      (.batch, [4, 3]), (.batch, [2, 2, 1, 3]), (.batch, [2, 1]), (.group(2), [3, 4]),
      (.group(1), [2, 3, 2]), (.group(3), [2, 2, 2, 3]), (.group(2), [0, 4]), (.rms, [3, 4]),
      (.rms, [4]), (.rms, [2, 2, 3]), (.rms, [0, 2]),
    ].map { (kind: Normalization, shape: Shape) in
      let size = Shape([shape[shape.rank - 1]])
      let others = Array(repeating: (size, GradientCheck.Domain.real), count: kind.parts.count - 1)
      return GradientCheck(.normalize(kind, epsilon: 0.1), [(shape, .real)] + others)
    }
    + [(.batch, [4, 4], 3), (.group(2), [4, 3, 4], 2), (.rms, [4, 4], 1)].map {
      (kind: Normalization, shape: Shape, last: Int) in
      GradientCheck(
        "all results of \(kind)", [(shape, .real), ([4], .real)]
      ) { builder, x in
        let operands = [x[0]] + Array(repeating: x[1], count: kind.parts.count - 1)
        let results = try builder.emitAll(.normalize(kind, epsilon: 0.1), operands)
        var sum = try builder.reduce(.sum, results[0], axes: [0])
        for (number, result) in results.dropFirst().enumerated() {
          let part = try builder.unary(number == 0 ? .sin : .square, result)
          let term = try builder.reduce(.sum, part, axes: Array(0..<part.shape.rank))
          sum = try builder.binary(.multiply, sum, try builder.scalar(.add, term, 2))
        }
        return sum
      }
    }

  static let attentions: [GradientCheck] = [
    attention([2, 3, 2], keys: 4, columns: 3), attention([3, 1], keys: 1, columns: 1),
    attention([2, 1, 3, 2], keys: 3, columns: 2, isCausal: true),
    attention([2, 2], keys: 4, columns: 2, isCausal: true),
    attention([0, 2, 2], keys: 2, columns: 2),
    attention([0, 2], keys: 2, columns: 3),
    masked("which keys are seen", .bool, [1, 0, 1, 0, 1, 1], [2, 3]),
    masked("what is added to scores", .f64, [0.5, -1, 0], [1, 3]),
    masked("keys seen by all queries", .bool, [1, 1, 0], [3]),
    GradientCheck("the sums of attention", [([2, 3], .real), ([4, 3], .real)]) { builder, x in
      let form = Attention(isCausal: true, scale: 0.7, isMasked: false)
      let results = try builder.emitAll(.attention(form), [x[0], x[1], x[1]])
      let sum = try builder.reduce(.sum, results[0], axes: [1])
      return try builder.binary(.multiply, sum, try builder.unary(.sin, results[1]))
    },
    GradientCheck("the sums of attention alone", [([2, 3], .real), ([4, 3], .real)]) { builder, x in
      let form = Attention(isCausal: false, scale: 0.7, isMasked: false)
      return try builder.emitAll(.attention(form), [x[0], x[1], x[1]])[1]
    },
    GradientCheck(
      "the sums of attention with heads inside", [([3, 2, 2], .real), ([3, 4, 2], .real)]
    ) { builder, x in
      let form = Attention(isCausal: true, scale: 0.7, isMasked: false, headsInside: true)
      let results = try builder.emitAll(.attention(form), [x[0], x[1], x[1]])
      let sum = try builder.reduce(.sum, results[0], axes: [1, 2])
      return try builder.binary(.multiply, sum, try builder.unary(.sin, results[1]))
    },
    GradientCheck("heads read in place", [([3, 2, 4], .real), ([4, 4], .real)]) { builder, x in
      let product = try builder.matmul(x[0], x[1]).reshaped([3, 2, 2, 2])
      let heads = try view(&builder, .permute([0, 2, 1, 3]), product)
      let form = Attention(isCausal: true, scale: 0.7, isMasked: false, headsInside: true)
      let inside = try builder.emit(.attention(form), [heads, heads, heads])
      let value = try view(&builder, .permute([0, 2, 1, 3]), inside)
      return try view(&builder, .permute([0, 2, 1, 3]), value).reshaped([3, 2, 4])
    },
  ]

  /// Two queries and three keys under a mask of fixed numbers.
  private static func masked(
    _ label: String, _ dtype: DType, _ mask: [Double], _ shape: Shape
  ) -> GradientCheck {
    GradientCheck(
      label, [([2, 2, 3], .real), ([2, 3, 3], .real), ([2, 3, 1], .real)]
    ) { builder, x in
      let numbers = try builder.emit(.literal(mask, dtype, shape), [])
      let form = Attention(isCausal: false, scale: 1, isMasked: true)
      return try builder.emit(.attention(form), x + [numbers])
    }
  }

  /// Queries of a shape, so many keys, so many columns of values.
  private static func attention(
    _ queries: Shape, keys: Int, columns: Int, isCausal: Bool = false
  ) -> GradientCheck {
    let lead = Array(queries.axes.dropLast(2))
    return GradientCheck(
      .attention(Attention(isCausal: isCausal, scale: 0.7, isMasked: false)),
      [
        (queries, .real), (Shape(lead + [keys, queries[queries.rank - 1]]), .real),
        (Shape(lead + [keys, columns]), .real),
      ])
  }

  static let cells: [GradientCheck] =
    ([[2, 3], [4], [0, 2], [2, 1, 2]] as [Shape]).flatMap { (state: Shape) in
      func wide(_ times: Int) -> (Shape, GradientCheck.Domain) {
        (Shape(state.axes.dropLast() + [times * state[state.rank - 1]]), .real)
      }
      return [
        GradientCheck(.cell(.gru), [wide(3), wide(3), (state, .real)]),
        GradientCheck(.cell(.lstm), [wide(4), (state, .real)]),
      ]
    } + [
      GradientCheck("a step of an lstm, then another", [([2, 8], .real), ([2, 2], .real)]) {
        builder, x in
        let first = try builder.emitAll(.cell(.lstm), x)
        let second = try builder.emitAll(.cell(.lstm), [x[0], first[1]])
        return try builder.binary(.multiply, first[0], second[1])
      },
      GradientCheck(
        "steps of a gru", [([2, 3], .real), ([2, 1], .real), ([1, 3], .real)]
      ) { builder, x in
        var h = x[1]
        for _ in 0..<3 {
          h = try builder.emit(.cell(.gru), [x[0], try builder.matmul(h, x[2]), h])
        }
        return h
      },
    ]
}
