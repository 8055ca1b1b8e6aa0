import Graphs
import Tensors
import Testing

@testable import Execution

private func permutations(_ items: [Int]) -> [[Int]] {
  items.isEmpty
    ? [[]]
    : items.flatMap { item in
      permutations(items.filter { $0 != item }).map { [item] + $0 }
    }
}

@Test func `permute moves every element for every order of axes`() {
  var dice = Dice(state: 21)
  for dtype in DType.allCases {
    for shape in oddShapes + [[40, 70], [3, 33, 40], [2, 3, 4, 5]] {
      let x = Sample(random: shape, dtype, &dice)
      for order in permutations(Array(shape.axes.indices)) {
        let result = Shape(order.map { shape[$0] })
        let expected = places(result).map { place in
          var source = place
          for (axis, from) in order.enumerated() { source[from] = place[axis] }
          return x.value(at: source)
        }
        #expect(run(.permute(order), [x], into: result, dtype) == expected)
      }
    }
  }
}

@Test func `slice takes and unslice puts back, with any steps`() {
  var dice = Dice(state: 22)
  for dtype in DType.allCases {
    for shape in oddShapes {
      for _ in 0..<6 {
        let slices = shape.axes.map { length -> AxisSlice in
          let step = [1, 2, 3, -1, -2].randomElement(using: &dice) ?? 1
          if length == 0 { return AxisSlice(start: 0, count: 0, step: step) }
          let start = Int.random(in: 0..<length, using: &dice)
          let most = step > 0 ? (length - 1 - start) / step : start / -step
          return AxisSlice(
            start: start, count: Int.random(in: 0...(most + 1), using: &dice), step: step)
        }
        let part = Shape(slices.map(\.count))
        func source(_ place: [Int]) -> [Int] {
          place.indices.map { slices[$0].start + place[$0] * slices[$0].step }
        }
        let x = Sample(random: shape, dtype, &dice)
        #expect(
          run(.slice(slices), [x], into: part, dtype)
            == places(part).map { x.value(at: source($0)) })
        let g = Sample(random: part, dtype, &dice)
        var expected = [Double](repeating: 0, count: shape.count)
        for (place, value) in zip(places(part), g.values) {
          expected[zip(source(place), shape.strides).map { $0 * $1 }.reduce(0, +)] = value
        }
        #expect(run(.unslice(slices, shape), [g], into: shape, dtype) == expected)
      }
    }
  }
}

@Test func `broadcast repeats along every axis of length 1`() {
  var dice = Dice(state: 23)
  let cases: [(Shape, Shape)] = [
    ([], [3, 2]), ([1], [4]), ([3, 1], [3, 5]), ([1, 3], [5, 3]), ([2, 1, 3], [2, 4, 3]),
    ([3], [2, 2, 3]), ([1, 1], [0, 3]), ([4, 5], [4, 5]), ([1, 2, 1], [3, 2, 4]),
  ]
  for dtype in DType.allCases {
    for (from, to) in cases {
      let x = Sample(random: from, dtype, &dice)
      #expect(run(.broadcast(to), [x], into: to, dtype) == places(to).map(x.value))
    }
  }
}

@Test func `concat lays operands side by side, empty ones too`() {
  var dice = Dice(state: 24)
  for dtype in DType.allCases {
    for (axis, lengths) in [(0, [2, 0, 3]), (1, [1, 4]), (2, [2, 2, 1]), (1, [0, 0]), (2, [3])] {
      let parts = lengths.map { length in
        var axes = [2, 3, 4]
        axes[axis] = length
        return Sample(random: Shape(axes), dtype, &dice)
      }
      var axes = [2, 3, 4]
      axes[axis] = lengths.reduce(0, +)
      let expected = places(Shape(axes)).map { place in
        var place = place
        var part = 0
        while place[axis] >= lengths[part] {
          place[axis] -= lengths[part]
          part += 1
        }
        return parts[part].value(at: place)
      }
      #expect(run(.concat(axis: axis), parts, into: Shape(axes), dtype) == expected)
    }
  }
}

@Test func `take gathers along any axis, and its adjoint adds in order`() {
  var dice = Dice(state: 25)
  for dtype in DType.allCases {
    for shape in [Shape([5]), [3, 4], [2, 3, 5], [4, 1, 33]] {
      for axis in shape.axes.indices {
        for index in [Shape([]), [7], [2, 3], [0]] {
          let indices = Sample(
            index, .i32,
            (0..<index.count).map { _ in Double(Int.random(in: 0..<shape[axis], using: &dice)) })
          let axes = shape.axes[..<axis] + index.axes + shape.axes[(axis + 1)...]
          let result = Shape(Array(axes))
          let x = Sample(random: shape, dtype, &dice)
          let g = Sample(random: result, dtype, &dice)
          var (expected, adjoint) = ([Double](), [Double](repeating: 0, count: shape.count))
          for (flat, place) in places(result).enumerated() {
            let at = Array(place[axis..<(axis + index.rank)])
            let source =
              place[..<axis] + [Int(indices.value(at: at))] + place[(axis + index.rank)...]
            let from = zip(source, shape.strides).map { $0 * $1 }.reduce(0, +)
            expected.append(x.values[from])
            adjoint[from] += g.values[flat]
          }
          #expect(run(.take(axis: axis), [x, indices], into: result, dtype) == expected)
          if dtype == .bool { continue }
          expectClose(
            run(.takeAdjoint(axis: axis, shape), [g, indices], into: shape, dtype), adjoint, dtype,
            times: 8)
        }
      }
    }
  }
}

@Test func `one-hot marks the class`() {
  for dtype in DType.allCases {
    let result = run(
      .oneHot(classes: 3, dtype), [Sample([2, 2], .i32, [0, 2, 1, 1])], into: [2, 2, 3], dtype)
    #expect(result == [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0])
  }
}

@Test func `a matrix product agrees with a plain one, batched, transposed, empty`() throws {
  var dice = Dice(state: 26)
  let cases: [(lead: Shape, left: Shape, right: Shape)] = [
    ([], [], []), ([2], [2], []), ([2], [], [2]), ([2, 3], [2, 1], [3]),
    ([2, 3], [2, 3], [2, 3]),
    ([2], [2], [1]), ([0], [0], [1]), ([2, 2], [1, 1], [2, 2]),
  ]
  let sizes = [
    (1, 1, 1), (3, 4, 5), (1, 6, 2), (7, 1, 3), (2, 3, 0), (0, 2, 2), (2, 0, 3), (17, 9, 33),
  ]
  // A product takes no i64: whole numbers are multiplied as floats.
  for dtype in numericTypes where dtype != .i64 {
    for (lead, left, right) in cases {
      for (m, n, k) in sizes {
        for flags in 0..<4 {
          let (tl, tr) = (flags & 1 == 1, flags & 2 == 2)
          if m * n * k > 5000, lead.count > 2 { continue }
          let a = Sample(random: Shape(left.axes + (tl ? [k, m] : [m, k])), dtype, &dice)
          let b = Sample(random: Shape(right.axes + (tr ? [n, k] : [k, n])), dtype, &dice)
          let shape = Shape(lead.axes + [m, n])
          let expected = places(shape).map { place in
            let at = Array(place.dropLast(2))
            let (i, j) = (place[place.count - 2], place[place.count - 1])
            return (0..<k).reduce(0.0) { sum, p in
              sum + a.value(at: at + (tl ? [p, i] : [i, p]))
                * b.value(at: at + (tr ? [j, p] : [p, j]))
            }
          }
          expectClose(
            run(.matmul(transposeLeft: tl, transposeRight: tr), [a, b], into: shape, dtype),
            expected, dtype, times: 60)
        }
      }
    }
  }
}
