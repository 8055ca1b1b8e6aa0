import Graphs
import Tensors
import Testing

@testable import Execution

@Test func `layer norm and its adjoint agree with double precision`() {
  var dice = Dice(state: 19)
  for dtype in floatingTypes {
    for shape in [Shape([7]), [1, 1], [5, 3], [2, 3, 70], [3, 2100], [200, 33], [0, 4]] {
      let size = shape[shape.rank - 1]
      let rows = Shape(Array(shape.axes.dropLast()))
      let x = Sample(random: shape, dtype, &dice)
      let g = Sample(random: shape, dtype, &dice)
      let gain = Sample(random: [size], dtype, &dice)
      let offset = Sample(random: [size], dtype, &dice)
      var value = x.values
      var (mean, scale) = ([Double](), [Double]())
      var slope = x.values
      var (gains, offsets) = ([Double](repeating: 0, count: size), gain.values.map { _ in 0.0 })
      for row in 0..<rows.count {
        let range = (row * size)..<((row + 1) * size)
        let line = Array(x.values[range])
        let m = line.reduce(0, +) / Double(size)
        let s =
          1 / (line.map { ($0 - m) * ($0 - m) }.reduce(0, +) / Double(size) + 0.5).squareRoot()
        mean.append(m)
        scale.append(s)
        let normal = line.map { ($0 - m) * s }
        let slopes = zip(g.values[range], gain.values).map { $0 * $1 }
        let average = slopes.reduce(0, +) / Double(size)
        let tilt = zip(slopes, normal).map { $0 * $1 }.reduce(0, +) / Double(size)
        for i in 0..<size {
          value[row * size + i] = normal[i] * gain.values[i] + offset.values[i]
          slope[row * size + i] = s * (slopes[i] - average - normal[i] * tilt)
          gains[i] += g.values[row * size + i] * normal[i]
          offsets[i] += g.values[row * size + i]
        }
      }
      let results = run(
        .layerNorm(epsilon: 0.5), [x, gain, offset],
        into: [
          TensorType(shape, dtype), TensorType(rows, dtype.computed),
          TensorType(rows, dtype.computed),
        ])
      for (found, expected) in zip(results, [value, mean, scale]) {
        expectClose(found, expected, dtype, times: 8)
      }
      let operands = [
        g, x, gain, Sample(rows, dtype.computed, mean), Sample(rows, dtype.computed, scale),
      ]
      let all: [NormalizationPart: [Double]] = [.x: slope, .gain: gains, .offset: offsets]
      let types: [NormalizationPart: Shape] = [.x: shape, .gain: [size], .offset: [size]]
      for parts in [[.x, .gain, .offset], [.x], [.gain], [.offset], [.x, .offset]]
        as [[NormalizationPart]]
      {
        let found = run(
          .layerNormAdjoint(parts), operands,
          into: parts.map { TensorType(types[$0] ?? [], dtype) })
        for (part, values) in zip(parts, found) {
          expectClose(values, all[part] ?? [], dtype, times: 60)
        }
      }
    }
  }
}

extension OwnProcessTests {
  @Test func `layer norm gives the same bits whatever the number of threads`() async {
    await #expect(processExitsWith: .success) {
      var dice = Dice(state: 20)
      let (shape, rows): (Shape, Shape) = ([900, 700], [900])
      let x = Sample(random: shape, .f32, &dice)
      let g = Sample(random: shape, .f32, &dice)
      let gain = Sample(random: [700], .f32, &dice)
      var seen: [[UInt64]] = []
      for threads in [1, 2, 7] {
        Crew.threads.store(threads, ordering: .relaxed)
        let results = run(
          .layerNorm(epsilon: 1e-5), [x, gain, gain],
          into: [TensorType(shape, .f32), TensorType(rows, .f32), TensorType(rows, .f32)])
        let adjoints = run(
          .layerNormAdjoint([.x, .gain, .offset]),
          [g, x, gain, Sample(rows, .f32, results[1]), Sample(rows, .f32, results[2])],
          into: [TensorType(shape, .f32), TensorType([700], .f32), TensorType([700], .f32)])
        seen.append((results + adjoints).flatMap(bits))
      }
      #expect(seen.allSatisfy { $0 == seen[0] })
    }
  }
}
