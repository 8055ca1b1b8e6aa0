import Graphs
import Tensors

/// Rows for every operation that has gradients, over odd shapes; and random graphs.
package enum AdjointTable {
  /// Shapes that broadcast, those with empty axes and those with axes of length 1 among them.
  static let pairs: [(Shape, Shape)] = [
    ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [4]), ([1], [2, 1, 2]),
    ([0, 3], [1, 3]),
    ([2, 0], [2, 1]), ([], []),
  ]

  package static let checks: [GradientCheck] =
    elementwise + products + reductions + movements + softmaxes + losses + normalizations
    + images + compositions + topics + adjointOperations + gradientsInside

  static let elementwise: [GradientCheck] = unaries + binaries + scalars + choices

  static let unaries: [GradientCheck] = Unary.allCases.flatMap { function in
    let domain: GradientCheck.Domain = [.log, .sqrt].contains(function) ? .positive : .real
    let shapes: [Shape] = [[], [5], [2, 1, 3], [0, 2]]
    return shapes.map { GradientCheck(.unary(function), [($0, domain)]) }
  }

  static let binaries: [GradientCheck] = Binary.allCases.flatMap { function in
    pairs.map { a, b in
      GradientCheck("\(function) \(a) \(b)", [(a, .positive), (b, .positive)]) { builder, x in
        let value = try builder.emit(.binary(function), [x[0], x[1]])
        return try builder.cast(value, to: .f64)
      }
    }
  }

  /// A function with a number, left out where its value is not a number: remainders of a division
  /// by 0, and powers of negative numbers.
  static let scalars: [GradientCheck] = Binary.allCases.flatMap { function in
    let numbers: [(Double, Bool)] = [
      (-1, true), (0, true), (0.7, true), (0, false), (1, false), (2, false), (0.7, false),
      (-1.5, false),
    ]
    return numbers.filter { number, numberFirst in
      let divides = [.divide, .remainder, .floorDivide].contains(function)
      return numberFirst ? function != .power || number >= 0 : !divides || number != 0
    }.map { number, numberFirst in
      let operation = Operation.scalar(function, number, numberFirst: numberFirst)
      return GradientCheck("\(operation) \(numberFirst)", [([2, 3], .positive)]) { builder, x in
        try builder.cast(try builder.emit(operation, [x[0]]), to: .f64)
      }
    }
  }

  static let choices: [GradientCheck] = [
    GradientCheck(.clip(low: -0.5, high: 0.8), [([3, 4], .real)]),
    GradientCheck(.dropout(rate: 0.4, site: 3), [([4, 5], .real)]),
    GradientCheck(.select, [([2, 3], .truth), ([3], .real), ([2, 1], .real)]),
    GradientCheck(.select, [([3], .truth), ([2, 3], .real), ([], .real)]),
    GradientCheck("a mask and what it masks", [([2, 3], .real), ([3], .real)]) { builder, x in
      let mask = try builder.cast(try builder.binary(.greater, x[0], x[1]), to: .f64)
      return try builder.binary(.multiply, try builder.unary(.tanh, x[0]), mask)
    },
    GradientCheck("cast there and back", [([3], .real)]) { builder, x in
      try builder.cast(try builder.unary(.sin, try builder.cast(x[0], to: .f32)), to: .f64)
    },
  ]

  static let products: [GradientCheck] = [
    (false, false), (false, true), (true, false), (true, true),
  ].flatMap { (left: Bool, right: Bool) in
    let batches: [([Int], [Int])] = [
      ([], []), ([2], []), ([2], [2]), ([], [2]), ([2, 1], [3]), ([1], [2]), ([2], [1]), ([0], []),
    ]
    return batches.map { (a: [Int], b: [Int]) in
      let rows = left ? [3, 2] : [2, 3]
      let columns = right ? [4, 3] : [3, 4]
      return GradientCheck(
        .matmul(transposeLeft: left, transposeRight: right),
        [(Shape(a + rows), .real), (Shape(b + columns), .real)])
    }
  }

  static let reductions: [GradientCheck] = Reduction.allCases.flatMap { reduction in
    [false, true].flatMap { keepDims in
      [
        ([0], [3, 2]), ([1], [3, 2]), ([0, 2], [2, 3, 2]), ([], [3]), ([1], [2, 1]), ([1], [0, 2]),
      ]
      .map { (axes: [Int], shape: Shape) in
        GradientCheck(
          .reduce(reduction, axes: axes, keepDims: keepDims), [(shape, .real)])
      }
    }
  }

  static let movements: [GradientCheck] = [
    GradientCheck(.broadcast([2, 3, 2]), [([3, 1], .real)]),
    GradientCheck(.broadcast([0, 3]), [([1, 3], .real)]),
    GradientCheck(.permute([2, 0, 1]), [([2, 3, 4], .real)]),
    GradientCheck(.permute([]), [([], .real)]),
    GradientCheck(.concat(axis: 1), [([2, 1], .real), ([2, 0], .real), ([2, 3], .real)]),
    GradientCheck(.concat(axis: 0), [([2], .real)]),
    GradientCheck(
      .slice([AxisSlice(start: 4, count: 3, step: -2), AxisSlice(start: 1, count: 2)]),
      [([5, 3], .real)]),
    GradientCheck(.slice([AxisSlice(start: 0, count: 0)]), [([3], .real)]),
    GradientCheck(.unslice([AxisSlice(start: 1, count: 2, step: 2)], [5]), [([2], .real)]),
    GradientCheck(.take(axis: 1), [([2, 4, 2], .real), ([3, 2], .integer(below: 4))]),
    GradientCheck(.take(axis: 0), [([4], .real), ([], .integer(below: 4))]),
    GradientCheck(.take(axis: 0), [([4], .real), ([0], .integer(below: 4))]),
    GradientCheck(.takeAdjoint(axis: 0, [4, 2]), [([3, 2], .real), ([3], .integer(below: 4))]),
    GradientCheck(.gather(axis: 1), [([2, 4, 2], .real), ([2, 3, 2], .integer(below: 4))]),
    GradientCheck(.gather(axis: 0), [([4], .real), ([6], .integer(below: 4))]),
    GradientCheck(
      .gatherAdjoint(axis: 0, [4, 2]), [([3, 2], .real), ([3, 2], .integer(below: 4))]),
    GradientCheck(.cumulativeSum(axis: 0, reversed: false), [([4], .real)]),
    GradientCheck(.cumulativeSum(axis: 1, reversed: true), [([2, 3, 2], .real)]),
    GradientCheck(.triangle(upper: true, diagonal: 1), [([2, 3, 4], .real)]),
    GradientCheck(.triangle(upper: false, diagonal: -1), [([4, 3], .real)]),
    GradientCheck("reshape", [([2, 3], .real)]) { builder, x in
      try builder.unary(.sin, x[0].reshaped([3, 2]))
    },
  ]

  static let softmaxes: [GradientCheck] =
    [0, 1].flatMap { axis in
      [
        GradientCheck(.softmax(axis: axis), [([3, 2], .real)]),
        GradientCheck(.logSoftmax(axis: axis), [([3, 2], .real)]),
        GradientCheck(.logSumExp(axis: axis, keepDims: true), [([3, 2], .real)]),
        GradientCheck(.logSumExp(axis: axis, keepDims: false), [([3, 2], .real)]),
      ]
    } + [
      GradientCheck(.softmax(axis: 1), [([0, 2], .real)]),
      GradientCheck(.crossEntropy(), [([4, 3], .real), ([4], .integer(below: 3))]),
      GradientCheck(.crossEntropy(), [([2, 2, 3], .real), ([2, 2], .integer(below: 3))]),
      GradientCheck(.crossEntropy(), [([3], .real), ([], .integer(below: 3))]),
    ]

  static let normalizations: [GradientCheck] =
    ([[3, 4], [4], [2, 1, 4], [0, 4], [3, 1]] as [Shape]).map { (shape: Shape) in
      let size = Shape([shape[shape.rank - 1]])
      return GradientCheck(
        .layerNorm(epsilon: 0.1), [(shape, .real), (size, .real), (size, .real)])
    } + [
      GradientCheck("all results of a layer norm", [([3, 4], .real), ([4], .real)]) { builder, x in
        let results = try builder.emitAll(.layerNorm(epsilon: 0.1), [x[0], x[1], x[1]])
        let statistics = try builder.binary(.multiply, results[1], results[2])
        let sum = try builder.binary(.add, results[0], statistics.reshaped([3, 1]))
        return try builder.binary(.divide, sum, results[2].reshaped([3, 1]))
      },
      GradientCheck("the scale of a layer norm alone", [([3, 4], .real), ([4], .real)]) {
        builder, x in
        let results = try builder.emitAll(.layerNorm(epsilon: 0.1), [x[0], x[1], x[1]])
        return try builder.unary(.sin, results[2])
      },
      GradientCheck("a layer norm of fixed rows", [([2], .real), ([2], .real)]) { builder, x in
        // No gradient flows through a comparison.
        let isLess = try builder.binary(.less, x[0].reshaped([2, 1]), x[1])
        let rows = try builder.cast(isLess, to: .f64)
        let value = try builder.emit(.layerNorm(epsilon: 0.1), [rows, x[0], x[1]])
        return try builder.unary(.tanh, value)
      },
    ]

  static let compositions: [GradientCheck] = [
    GradientCheck("x used four times", [([3], .real)]) { builder, x in
      let square = try builder.binary(.multiply, x[0], x[0])
      let tangent = try builder.unary(.tanh, x[0])
      return try builder.binary(.add, try builder.binary(.multiply, square, tangent), x[0])
    },
    GradientCheck("a product of a value with itself in another shape", [([2, 1], .real)]) {
      builder, x in
      try builder.binary(.multiply, x[0], x[0].reshaped([1, 2]))
    },
    GradientCheck("layer norm by its formula", [([3, 4], .real), ([4], .real), ([4], .real)]) {
      builder, x in
      let mean = try builder.reduce(.average, x[0], axes: [1], keepDims: true)
      let centred = try builder.binary(.subtract, x[0], mean)
      let squares = try builder.unary(.square, centred)
      let variance = try builder.reduce(.average, squares, axes: [1], keepDims: true)
      let deviation = try builder.unary(.sqrt, try builder.scalar(.add, variance, 1e-5))
      let scaled = try builder.binary(.divide, centred, deviation)
      return try builder.binary(.add, try builder.binary(.multiply, scaled, x[1]), x[2])
    },
    GradientCheck("attention", [([2, 3, 4], .real), ([4, 4], .real), ([4, 4], .real)]) {
      builder, x in
      let query = try builder.matmul(x[0], x[1])
      let key = try builder.matmul(x[0], x[2])
      let scores = try builder.matmul(query, try builder.emit(.permute([0, 2, 1]), [key]))
      return try builder.matmul(try builder.emit(.softmax(axis: 2), [scores]), x[0])
    },
    GradientCheck("rows of an input", [([3, 2, 4], .real), ([4, 4], .real)]) { builder, x in
      var state = try part(&builder, x[0], 0)
      for turn in 1..<3 {
        let sum = try builder.binary(
          .add, try builder.matmul(state, x[1]), try part(&builder, x[0], turn))
        state = try builder.unary(.tanh, sum)
      }
      return state
    },
    GradientCheck("columns of an input", [([2, 3, 4], .real), ([4, 4], .real)]) { builder, x in
      var state = try part(&builder, x[0], 0, axis: 1)
      for turn in 1..<3 {
        let entry = try part(&builder, x[0], turn, axis: 1)
        let sum = try builder.binary(
          .add, try builder.matmul(entry, x[1]), try builder.matmul(state, x[1]))
        state = try builder.binary(.multiply, try builder.unary(.square, entry), sum)
      }
      return state
    },
    GradientCheck("a transpose read in place", [([2, 3, 4], .real), ([4, 3], .real)]) {
      builder, x in
      let turned = try view(&builder, .permute([1, 2, 0]), x[0])
      let row = try part(&builder, turned, 1)
      let tangent = try builder.unary(.tanh, try builder.matmul(x[1], x[1].reshaped([3, 4])))
      let back = try view(&builder, .permute([1, 0]), tangent)
      let product = try builder.matmul(back, row)
      return try builder.binary(
        .add, product,
        try builder.reduce(.sum, back, axes: [0])
          .reshaped([4, 1]))
    },
    GradientCheck("every other entry, from the last", [([5, 3], .real), ([3], .real)]) {
      builder, x in
      let slices = [AxisSlice(start: 4, count: 3, step: -2), AxisSlice(start: 0, count: 3)]
      let rows = try view(&builder, .slice(slices), x[0])
      return try builder.matmul(try builder.binary(.multiply, rows, x[1]), rows.reshaped([3, 3]))
    },
    GradientCheck("vector products", [([3], .real), ([3, 2], .real)]) { builder, x in
      let row = try builder.matmul(x[0], x[1])
      return try builder.matmul(x[1], row)
    },
  ]

  /// What an operation takes of a value, read where it lies.
  static func view(
    _ builder: inout GraphBuilder, _ operation: Operation, _ value: Operand
  ) throws -> Operand {
    try builder.view(operation, [value]) ?? builder.emit(operation, [value])
  }

  /// One entry along an axis, which is gone from the shape.
  private static func part(
    _ builder: inout GraphBuilder, _ value: Operand, _ index: Int, axis: Int = 0
  ) throws -> Operand {
    let slices = value.shape.axes.enumerated().map {
      AxisSlice(start: $0.offset == axis ? index : 0, count: $0.offset == axis ? 1 : $0.element)
    }
    var axes = value.shape.axes
    axes.remove(at: axis)
    return try view(&builder, .slice(slices), value).reshaped(Shape(axes))
  }

  /// A random graph of a dozen operations.
  package static func random(_ seed: Int) -> GradientCheck {
    GradientCheck(
      "random \(seed)", [([2, 3], .real), ([3], .real), ([2, 1], .real)]
    ) { builder, inputs in
      var random = SplitMix(seed: UInt64(seed) + 1000)
      var values = inputs
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let a = values[Int.random(in: 0..<values.count, using: &random)]
        let b = values[Int.random(in: 0..<values.count, using: &random)]
        switch Int.random(in: 0..<12, using: &random) {
        case 0: values.append(try builder.unary(.tanh, a))
        case 1: values.append(try builder.unary(.sigmoid, a))
        case 2: values.append(try builder.reduce(.average, a, axes: [0], keepDims: true))
        case 3 where a.shape.rank == 2:
          values.append(
            try builder.matmul(
              b,
              b.shape.rank == 2
                ? try builder.emit(.permute([1, 0]), [b]) : b))
        case 8:
          values.append(try view(&builder, .permute(Array(a.shape.axes.indices.reversed())), a))
        case 9 where a.shape[0] > 1:
          values.append(try part(&builder, a, Int.random(in: 0..<a.shape[0], using: &random)))
        case 4: values.append(try builder.emit(.concat(axis: 0), [a, a]))
        case 5: values.append(try builder.emit(.softmax(axis: 0), [a]))
        case 6:
          values.append(
            try builder.binary(.add, a.reshaped([a.shape.count, 1]), b.reshaped([b.shape.count])))
        case 7 where a.shape.rank == 2:
          let gain = try builder.reduce(.sum, a, axes: [0])
          let offset = try builder.reduce(.max, a, axes: [0])
          let norm = try builder.emitAll(.layerNorm(epsilon: 0.1), [a, gain, offset])
          // Any of the results, or several of them, may stay unused.
          values += norm.filter { _ in Bool.random(using: &random) }
        default: values.append(try builder.binary(.multiply, a, a.reshaped(a.shape)))
        }
        let last = values[values.count - 1]
        if last.shape.count > 60 || last.shape.rank == 0 { values.removeLast() }
      }
      return try builder.unary(.tanh, values[values.count - 1])
    }
  }
}
