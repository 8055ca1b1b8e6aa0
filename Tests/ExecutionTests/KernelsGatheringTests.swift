import Graphs
import Tensors
import Testing

@testable import Execution

@Test func `gather chooses place by place along any axis, and its adjoint adds in order`() {
  var dice = Dice(state: 31)
  for dtype in DType.allCases {
    for shape in [Shape([5]), [3, 4], [2, 3, 5], [4, 1, 33]] {
      for (axis, count) in shape.axes.indices.flatMap({ axis in [0, 1, 7].map { (axis, $0) } }) {
        var axes = shape.axes
        axes[axis] = count
        let result = Shape(axes)
        let indices = Sample(
          result, .i32,
          (0..<result.count).map { _ in Double(Int.random(in: 0..<shape[axis], using: &dice)) })
        let x = Sample(random: shape, dtype, &dice)
        let g = Sample(random: result, dtype, &dice)
        var (expected, adjoint) = ([Double](), [Double](repeating: 0, count: shape.count))
        for (flat, place) in places(result).enumerated() {
          var source = place
          source[axis] = Int(indices.values[flat])
          expected.append(x.value(at: source))
          adjoint[zip(source, shape.strides).map { $0 * $1 }.reduce(0, +)] += g.values[flat]
        }
        #expect(run(.gather(axis: axis), [x, indices], into: result, dtype) == expected)
        guard dtype.isFloating else { continue }
        expectClose(
          run(.gatherAdjoint(axis: axis, shape), [g, indices], into: shape, dtype), adjoint, dtype,
          times: 8)
      }
    }
  }
}

@Test func `top_k finds the greatest in order, the first of equals first, and NaN before all`() {
  var dice = Dice(state: 32)
  for dtype in [DType.f32, .f64] {
    for (rows, length) in [(1, 1), (3, 5), (2, 100)] {
      for count in [1, length / 2, length] where count > 0 {
        let values = (0..<rows * length).map { _ in Double(Int.random(in: -5..<5, using: &dice)) }
        let x = Sample([rows, length], dtype, values)
        let expected = (0..<rows).flatMap { row in
          let line = values[(row * length)..<((row + 1) * length)].map { $0 }
          return line.indices.sorted { (line[$1], $0) < (line[$0], $1) }.prefix(count)
            .map(Double.init)
        }
        #expect(run(.topIndices(count: count), [x], into: [rows, count], .i32) == expected)
      }
    }
  }
  let x = Sample([4], .f32, [.infinity, 1, .nan, .nan])
  #expect(run(.topIndices(count: 4), [x], into: [4], .i32) == [2, 3, 0, 1])
}

@Test func `cumsum adds along any axis from either end`() {
  var dice = Dice(state: 33)
  for dtype in [DType.f32, .f64] {
    for shape in [Shape([7]), [3, 4], [2, 3, 5], [0, 3], [3, 0], [1, 5000, 2]] {
      for axis in shape.axes.indices {
        for reversed in [false, true] {
          let x = Sample(random: shape, dtype, &dice)
          // Each sum is that of the place before it, and one number more.
          let (length, step) = (shape[axis], shape.strides[axis])
          var expected = x.values
          for number in expected.indices {
            let flat = reversed ? expected.count - 1 - number : number
            let entry = flat / step % length
            if entry == (reversed ? length - 1 : 0) { continue }
            expected[flat] += expected[reversed ? flat + step : flat - step]
          }
          expectClose(
            run(.cumulativeSum(axis: axis, reversed: reversed), [x], into: shape, dtype), expected,
            dtype, times: 2000)
        }
      }
    }
  }
}

@Test func `tril and triu keep what lies on their side of a diagonal`() {
  var dice = Dice(state: 34)
  for dtype in DType.allCases {
    for shape in [Shape([3, 3]), [2, 4, 3], [1, 5], [0, 2], [2, 0]] {
      for (upper, diagonal) in [-9, -1, 0, 1, 9, .max, .min].flatMap({ [(true, $0), (false, $0)] })
      {
        let x = Sample(random: shape, dtype, &dice)
        let expected = places(shape).map { place in
          let (row, column) = (place[shape.rank - 2], place[shape.rank - 1])
          let above = column - row
          return (upper ? above >= diagonal : above <= diagonal) ? x.value(at: place) : 0
        }
        #expect(
          run(.triangle(upper: upper, diagonal: diagonal), [x], into: shape, dtype) == expected)
      }
    }
  }
}
