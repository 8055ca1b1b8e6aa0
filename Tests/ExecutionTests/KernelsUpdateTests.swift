import Foundation
import GraphLab
import Graphs
import Tensors
import Testing

@testable import Execution

/// Runs an update on copies, and gives parameter and moments afterwards. `scale` is what the
/// gradient is multiplied by, where that is not 1.
private func updated(
  _ rule: UpdateRule, _ tensors: [[Double]], _ shape: Shape, _ dtype: DType, number: Int,
  limit: Double = .infinity, scale: Double? = nil
) -> [[Double]] {
  let shapes = [shape, shape] + rule.moments(of: shape) + (scale == nil ? [] : [.scalar])
  let types = shapes.indices.map { scale != nil && $0 == shapes.count - 1 ? DType.f64 : dtype }
  let blocks = zip(tensors + (scale.map { [[$0]] } ?? []), types).map { values, type in
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(values.count, 1) * 8, alignment: 64)
    for (index, value) in values.enumerated() {
      if type == .f32 {
        block.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
      } else {
        block.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
      }
    }
    return block
  }
  defer { for block in blocks { block.deallocate() } }
  let operation = Operation.update(rule, limit: limit, isScaled: scale != nil)
  let views = zip(blocks, zip(shapes, types)).map {
    BufferView(pointer: $0, shape: $1.0, dtype: $1.1)
  }
  let scratch = UnsafeMutableRawPointer.allocate(
    byteCount: max(
      operation.scratchBytes(
        operands: views.map { TensorType($0.shape, $0.dtype) }, results: []), 1), alignment: 64)
  defer { scratch.deallocate() }
  KernelTable.instruction(
    for: operation, operands: views, results: [], scratch: scratch,
    context: RunContext(updateNumber: number))()
  return zip(blocks, shapes).prefix(tensors.count).map { block, shape in
    (0..<shape.count).map {
      dtype == .f32
        ? Double(block.load(fromByteOffset: $0 * 4, as: Float.self))
        : block.load(fromByteOffset: $0 * 8, as: Double.self)
    }
  }
}

/// The same by the published formulas, in doubles: parameter, then moments.
private func reference(
  _ rule: UpdateRule, _ p: [Double], _ gradient: [Double], _ moments: [[Double]], _ shape: Shape,
  _ dtype: DType, t: Int
) -> [[Double]] {
  let all = Array(p.indices)
  let t = Double(t)
  func changed(_ decay: Double) -> [Double] { all.map { gradient[$0] + decay * p[$0] } }
  switch rule {
  case .sgd(let rate, let momentum, let isNesterov, let decay):
    let g = changed(decay)
    guard momentum != 0 else { return [all.map { p[$0] - rate * g[$0] }] }
    let v = all.map { momentum * moments[0][$0] + g[$0] }
    let step = isNesterov ? all.map { g[$0] + momentum * v[$0] } : v
    return [all.map { p[$0] - rate * step[$0] }, v]
  case .adam(let rate, let beta1, let beta2, let epsilon, let decay),
    .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
    let isDecoupled = if case .adamW = rule { true } else { false }
    let g = changed(isDecoupled ? 0 : decay)
    let m = all.map { beta1 * moments[0][$0] + (1 - beta1) * g[$0] }
    let v = all.map { beta2 * moments[1][$0] + (1 - beta2) * g[$0] * g[$0] }
    let (c1, c2) = (1 - pow(beta1, t), 1 - pow(beta2, t))
    return [
      all.map {
        (isDecoupled ? 1 - rate * decay : 1) * p[$0] - rate * (m[$0] / c1)
          / (sqrt(v[$0] / c2) + epsilon)
      }, m, v,
    ]
  case .rmsprop(let rate, let alpha, let epsilon, let momentum, let decay):
    let g = changed(decay)
    let v = all.map { alpha * moments[0][$0] + (1 - alpha) * g[$0] * g[$0] }
    let u = all.map { g[$0] / (sqrt(v[$0]) + epsilon) }
    guard momentum != 0 else { return [all.map { p[$0] - rate * u[$0] }, v] }
    let b = all.map { momentum * moments[1][$0] + u[$0] }
    return [all.map { p[$0] - rate * b[$0] }, v, b]
  case .adagrad(let rate, let epsilon, let rateDecay, let decay):
    let g = changed(decay)
    let s = all.map { moments[0][$0] + g[$0] * g[$0] }
    let slowed = rate / (1 + (t - 1) * rateDecay)
    return [all.map { p[$0] - slowed * g[$0] / (sqrt(s[$0]) + epsilon) }, s]
  case .lion(let rate, let beta1, let beta2, let decay):
    let c = all.map { beta1 * moments[0][$0] + (1 - beta1) * gradient[$0] }
    return [
      all.map { p[$0] - rate * ((c[$0] > 0 ? 1 : c[$0] < 0 ? -1 : 0) + decay * p[$0]) },
      all.map { beta2 * moments[0][$0] + (1 - beta2) * gradient[$0] },
    ]
  case .adafactor: return adafactor(rule, p, gradient, moments, shape, dtype, t: t)
  }
}

private func adafactor(
  _ rule: UpdateRule, _ p: [Double], _ g: [Double], _ moments: [[Double]], _ shape: Shape,
  _ dtype: DType, t: Double
) -> [[Double]] {
  guard case .adafactor(let rate, let power, let epsilon, let threshold, let decay) = rule else {
    return []
  }
  let (all, beta) = (Array(p.indices), 1 - pow(t, -power))
  let tiny = dtype == .f32 ? 0x1p-23 : 0x1p-52
  var (v, kept) = (g, [[Double]]())
  if shape.rank >= 2 {
    let (m, n) = (shape[shape.rank - 2], shape[shape.rank - 1])
    var (rows, columns) = (moments[0], moments[1])
    for matrix in 0..<(shape.count / max(m * n, 1)) {
      let square = { (r: Int, c: Int) in pow(g[(matrix * m + r) * n + c], 2) }
      for r in 0..<m {
        let mean = (0..<n).reduce(0) { $0 + square(r, $1) } / Double(n)
        rows[matrix * m + r] = beta * rows[matrix * m + r] + (1 - beta) * mean
      }
      for c in 0..<n {
        let mean = (0..<m).reduce(0) { $0 + square($1, c) } / Double(m)
        columns[matrix * n + c] = beta * columns[matrix * n + c] + (1 - beta) * mean
      }
      let mean = max(rows[(matrix * m)..<((matrix + 1) * m)].reduce(0, +) / Double(m), tiny)
      for r in 0..<m {
        for c in 0..<n {
          v[(matrix * m + r) * n + c] = rows[matrix * m + r] * columns[matrix * n + c] / mean
        }
      }
    }
    kept = [rows, columns]
  } else {
    v = all.map { beta * moments[0][$0] + (1 - beta) * g[$0] * g[$0] }
    kept = [v]
  }
  func rms(_ x: [Double]) -> Double {
    sqrt(x.reduce(0) { $0 + $1 * $1 } / Double(max(x.count, 1)))
  }
  let u = all.map { g[$0] / sqrt(max(v[$0], tiny * tiny)) }
  let step = max(epsilon, rms(p)) * min(rate, 1 / sqrt(t)) / max(1, rms(u) / threshold)
  return [all.map { p[$0] * (1 - rate * decay) - step * u[$0] }] + kept
}

/// Shapes of vectors and matrices, parts and rows of odd lengths among them.
private let shapes: [Shape] = [[0], [1], [37], [5000], [3, 5], [2, 3, 70], [1, 1], [0, 4], []]

@Test(arguments: UpdateRules.all)
func `updates follow their published formulas`(rule: UpdateRule) {
  var dice = Dice(state: 31)
  for dtype in [DType.f32, .f64] {
    for (shape, t) in shapes.flatMap({ shape in [(shape, 1), (shape, 3), (shape, 1000)] }) {
      let p = Sample(random: shape, dtype, &dice).values
      let g = Sample(random: shape, dtype, &dice).values
      let moments = rule.moments(of: shape).map {
        Sample(random: $0, dtype, &dice).values.map(abs)
      }
      let found = updated(rule, [p, g] + moments, shape, dtype, number: t)
      let expected = reference(rule, p, g, moments, shape, dtype, t: t)
      expectClose(found[0], expected[0], dtype, times: 8)
      #expect(bits(found[1]) == bits(g))
      for (place, moment) in expected.dropFirst().enumerated() {
        expectClose(found[2 + place], moment, dtype, times: 8)
      }
      // Bounds, then a scale, are what a changed gradient is.
      let held = g.map { 0.5 * min(max($0, -1), 1) }
      let bounded = updated(
        rule, [p, g] + moments, shape, dtype, number: t, limit: 1, scale: 0.5)
      let plain = updated(rule, [p, held] + moments, shape, dtype, number: t)
      #expect(bits(bounded[0]) == bits(plain[0]))
    }
  }
}

@Test func `the scale of gradients brings their norm down to a bound`() {
  var dice = Dice(state: 4)
  let a = Sample(random: [5000], .f32, &dice)
  let b = Sample(random: [3, 7], .f64, &dice)
  let held = (a.values + b.values).map { min(max($0, -1), 1) }
  let norm = sqrt(held.reduce(0) { $0 + $1 * $1 })
  func scale(_ norm: Double, limit: Double = 1) -> Double {
    let operation = Operation.gradientScale(norm: norm, limit: limit)
    return runWithScratch(operation, [a, b], into: [TensorType(.scalar, .f64)])[0][0]
  }
  #expect(abs(scale(2) / (2 / norm) - 1) < 1e-6)
  #expect(scale(norm * 1.001) == 1)
  #expect(scale(.infinity) == 1)
}

@Test func `a gradient is added to a sum by its share, in place or not`() {
  var dice = Dice(state: 6)
  let context = RunContext()
  context.share = 0.25
  for dtype in [DType.f32, .f64] {
    let sum = Sample(random: [101], dtype, &dice)
    let g = Sample(random: [101], dtype, &dice)
    let found = run(
      .accumulate(isInPlace: false), [sum, g], into: [101], dtype, context: context)
    expectClose(found, zip(sum.values, g.values).map { $0 + 0.25 * $1 }, dtype)
  }
}
