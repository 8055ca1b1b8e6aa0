import Foundation
import Graphs
import Tensors
import Testing

@testable import Execution

/// All sets of axes of a rank.
private func subsets(_ rank: Int) -> [[Int]] {
  (0..<(1 << rank)).map { mask in (0..<rank).filter { mask >> $0 & 1 == 1 } }
}

private let shapes: [Shape] = [
  [], [0], [1], [5], [100], [5000], [3, 4], [4, 0], [0, 4], [40, 3], [3, 200], [2, 3, 4],
  [2, 1, 3],
  [3, 2, 70, 2], [2, 2, 2, 2, 3],
]

@Test(arguments: Reduction.allCases)
func `a reduction agrees with double precision over every set of axes`(_ reduction: Reduction) {
  var dice = Dice(state: 12)
  for dtype in numericTypes where dtype.isFloating || reduction != .average {
    for shape in shapes {
      let x = Sample(random: shape, dtype, &dice)
      for axes in subsets(shape.rank) {
        let kept = Shape(shape.axes.indices.map { axes.contains($0) ? 1 : shape[$0] })
        let bare = Shape(shape.axes.indices.filter { !axes.contains($0) }.map { shape[$0] })
        var groups = [[Double]](repeating: [], count: kept.count)
        for (value, place) in zip(x.values, places(shape)) {
          var flat = 0
          for axis in place.indices where !axes.contains(axis) {
            flat += place[axis] * kept.strides[axis]
          }
          groups[flat].append(value)
        }
        let expected = groups.map { group in
          switch reduction {
          case .sum: group.reduce(0, +)
          case .average: group.reduce(0, +) / Double(group.count)
          case .max: group.max() ?? dtype.bounds.lowest
          case .min: group.min() ?? dtype.bounds.greatest
          }
        }
        for (keepDims, result) in [(true, kept), (false, bare)] {
          let values = run(
            .reduce(reduction, axes: axes, keepDims: keepDims), [x], into: result, dtype)
          expectClose(values, expected, dtype, times: 20)
        }
      }
    }
  }
}

@Test func `a long sum keeps its digits`() {
  let count = 1_000_000
  let exact = Double(Float(0.1)) * Double(count)
  for (shape, axes) in [(Shape([count]), [0]), ([2, count / 2], [0, 1]), ([count, 1], [0])] {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count + 1)
    defer { pointer.deallocate() }
    pointer.initialize(repeating: 0.1, count: count)
    KernelTable.instruction(
      for: .reduce(.sum, axes: axes, keepDims: false),
      operands: [BufferView(pointer: pointer, shape: shape, dtype: .f32)],
      results: [
        BufferView(
          pointer: pointer + count, shape: shape.rank == axes.count ? [] : [1], dtype: .f32)
      ],
      scratch: nil,
      context: RunContext())()
    #expect(abs(Double(pointer[count]) / exact - 1) < 4e-7)
  }
}

@Test func `NaN passes through maxima and minima wherever it stands`() {
  for reduction in [Reduction.max, .min] {
    for shape in [Shape([70]), [70, 3], [3, 70]] {
      for place in 0..<shape.count {
        var values = (0..<shape.count).map { Double($0 % 11) }
        values[place] = .nan
        let all = run(
          .reduce(reduction, axes: Array(shape.axes.indices), keepDims: false),
          [Sample(shape, .f32, values)], into: [], .f32)
        #expect(all[0].isNaN)
      }
    }
  }
}

@Test(arguments: [Extremum.greatest, .least])
func `the index of an extreme is the first, and a NaN comes before all`(_ extremum: Extremum) {
  var dice = Dice(state: 14)
  for dtype in numericTypes {
    for shape in shapes where shape.rank > 0 {
      for axis in shape.axes.indices where shape[axis] > 0 {
        var x = Sample(random: shape, dtype, &dice)
        x.values = x.values.map { $0.rounded() }
        if dtype.isFloating, shape.count > 8 { x.values[shape.count / 2] = .nan }
        var axes = shape.axes
        axes.remove(at: axis)
        let expected = places(Shape(axes)).map { place in
          var best = 0
          func value(_ index: Int) -> Double {
            var place = place
            place.insert(index, at: axis)
            return x.value(at: place)
          }
          for index in 1..<max(shape[axis], 1) where !value(best).isNaN {
            let (old, new) = (value(best), value(index))
            if new.isNaN || (extremum == .greatest ? new > old : new < old) { best = index }
          }
          return Double(best)
        }
        #expect(run(.argReduce(extremum, axis: axis), [x], into: Shape(axes), .i32) == expected)
      }
    }
  }
}

@Test func `softmax and its relatives agree with double precision along every axis`() {
  var dice = Dice(state: 15)
  for dtype in floatingTypes {
    for shape in shapes where shape.rank > 0 {
      for axis in shape.axes.indices {
        let x = Sample(random: shape, dtype, &dice, within: 8)
        let g = Sample(random: shape, dtype, &dice)
        var lines: [[Int]: [Int]] = [:]
        for (flat, place) in places(shape).enumerated() {
          var key = place
          key[axis] = 0
          lines[key, default: []].append(flat)
        }
        var soft = x.values
        var (log, softAdjoint, logAdjoint) = (soft, soft, soft)
        for line in lines.values {
          let top = line.map { x.values[$0] }.max() ?? 0
          let sum = line.map { exp(x.values[$0] - top) }.reduce(0, +)
          for i in line {
            soft[i] = exp(x.values[i] - top) / sum
            log[i] = x.values[i] - top - Foundation.log(sum)
          }
          let dot = line.map { g.values[$0] * soft[$0] }.reduce(0, +)
          let total = line.map { g.values[$0] }.reduce(0, +)
          for i in line {
            softAdjoint[i] = soft[i] * (g.values[i] - dot)
            logAdjoint[i] = g.values[i] - soft[i] * total
          }
        }
        let (s, l) = (Sample(shape, dtype, soft), Sample(shape, dtype, log))
        expectClose(run(.softmax(axis: axis), [x], into: shape, dtype), soft, dtype, times: 4)
        expectClose(run(.logSoftmax(axis: axis), [x], into: shape, dtype), log, dtype, times: 4)
        expectClose(
          run(.softmaxAdjoint(axis: axis), [g, s], into: shape, dtype), softAdjoint, dtype, times: 9
        )
        expectClose(
          run(.logSoftmaxAdjoint(axis: axis), [g, l], into: shape, dtype), logAdjoint, dtype,
          times: 20)
        var axes = shape.axes
        axes[axis] = 1
        let expected = places(Shape(axes)).map { place in
          let line = lines[place] ?? []
          let top = line.map { x.values[$0] }.max() ?? -.infinity
          return line.isEmpty
            ? -.infinity : top + Foundation.log(line.map { exp(x.values[$0] - top) }.reduce(0, +))
        }
        expectClose(
          run(.logSumExp(axis: axis, keepDims: true), [x], into: Shape(axes), dtype), expected,
          dtype, times: 4)
      }
    }
  }
}

@Test func `cross entropy and its adjoint agree with double precision`() {
  var dice = Dice(state: 16)
  for dtype in floatingTypes {
    for shape in [Shape([1, 1]), [5, 3], [2, 3, 7], [40, 33], [4], [300, 10]] {
      let classes = shape.axes.last ?? 1
      let rows = shape.count / classes
      let x = Sample(random: shape, dtype, &dice, within: 20)
      let labels = Sample(
        Shape(Array(shape.axes.dropLast())), .i32,
        (0..<rows).map { _ in Double(Int.random(in: 0..<classes, using: &dice)) })
      var (loss, adjoint) = (0.0, x.values)
      for row in 0..<rows {
        let line = Array(x.values[(row * classes)..<((row + 1) * classes)])
        let top = line.max() ?? 0
        let sum = line.map { exp($0 - top) }.reduce(0, +)
        let label = Int(labels.values[row])
        loss += log(sum) + top - line[label]
        for i in 0..<classes {
          adjoint[row * classes + i] =
            1.5 * (exp(line[i] - top) / sum - (i == label ? 1 : 0)) / Double(rows)
        }
      }
      expectClose(
        run(.crossEntropy(), [x, labels], into: [], dtype.computed), [loss / Double(rows)],
        dtype.computed, times: 8)
      expectClose(
        run(
          .crossEntropyAdjoint(), [Sample([], dtype.computed, [1.5]), x, labels], into: shape, dtype
        ),
        adjoint, dtype, times: 4)
    }
  }
}

@Test func `labels and indices outside are reported once, first of all, and memory is safe`() {
  let context = RunContext()
  let x = Sample([3, 2], .f32, [1, 2, 3, 4, 5, 6])
  run(.crossEntropy(), [x, Sample([3], .i32, [0, 2, -1])], into: [], .f32, context: context)
  #expect(
    context.fault
      == KernelFault(.index(2, position: 1, allowed: 0..<2), in: .crossEntropy()))
  run(.oneHot(classes: 4, .f32), [Sample([1], .i32, [9])], into: [1, 4], .f32, context: context)
  #expect(context.fault?.operation == .crossEntropy())
  let indices = Sample([3], .i32, [1, -1, 3])
  let faults: [(Graphs.Operation, [Sample], Shape, Int, Int, Range<Int>)] = [
    (.take(axis: 0), [x, indices], [3, 2], 1, -1, 0..<3),
    (.take(axis: 1), [x, indices], [3, 3], 1, -1, 0..<2),
    (.takeAdjoint(axis: 0, [3, 2]), [x, indices], [3, 2], 1, -1, 0..<3),
    (.gather(axis: 0), [Sample([3], .f32, [1, 2, 3]), indices], [3], 1, -1, 0..<3),
    (.gatherAdjoint(axis: 0, [2]), [Sample([3], .f32, [1, 2, 3]), indices], [2], 1, -1, 0..<2),
    (.oneHot(classes: 2, .f64), [indices], [3, 2], 1, -1, 0..<2),
    (.crossEntropyAdjoint(), [Sample([], .f32, [1]), x, indices], [3, 2], 1, -1, 0..<2),
  ]
  for (operation, operands, shape, position, value, allowed) in faults {
    context.fault = nil
    let dtype: DType = operation == .oneHot(classes: 2, .f64) ? .f64 : .f32
    run(operation, operands, into: shape, dtype, context: context)
    #expect(
      context.fault
        == KernelFault(.index(value, position: position, allowed: allowed), in: operation))
  }
}
