import Foundation
import Graphs
import Tensors
import Testing

@testable import Execution

/// Units in the last place of f32 between a value and the true one; the unit is at least `floor`
/// denormals.
private func ulps(_ value: Double, _ truth: Double, floor: Float = 1) -> Double {
  let rounded = Float(truth)
  if value.isNaN || truth.isNaN { return value.isNaN && truth.isNaN ? 0 : .infinity }
  if rounded.isInfinite || value.isInfinite { return Double(rounded) == value ? 0 : .infinity }
  return abs(value - truth) / Double(max(abs(rounded).ulp, floor * Float.leastNonzeroMagnitude))
}

/// Numbers of every sign and exponent, and the special ones.
private let sweep: [Float] =
  stride(from: UInt32(0), to: UInt32.max - 130_000, by: 120_011).map { Float(bitPattern: $0) }
  + stride(from: Float(-20), to: 20, by: 0.0117)
  + [
    0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 88.72,
    88.73, -103.9, -104, -87.4,
  ]

private let exact: [(function: Unary, bound: Double, truth: @Sendable (Double) -> Double)] = [
  (.exp, 1.5, exp), (.log, 1.5, log), (.sqrt, 0.51, sqrt), (.tanh, 2, tanh),
  (.sigmoid, 2.5, { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
  (.softplus, 2, { max($0, 0) + log1p(exp(-abs($0))) }),
  (
    .silu, 3, { $0 == -.infinity ? 0 : $0 < 0 ? $0 * exp($0) / (1 + exp($0)) : $0 / (1 + exp(-$0)) }
  ),
  (.gelu, 6, { $0 == -.infinity ? 0 : 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }),
]

@Test func `single-precision functions stay within their bounds everywhere`() {
  let x = Sample([sweep.count], .f32, sweep.map(Double.init))
  for (function, bound, truth) in exact {
    let result = run(.unary(function), [x], into: x.shape, .f32)
    var (worst, place) = (0.0, 0.0)
    for (value, argument) in zip(result, x.values) {
      // A denormal factor has few digits, and x times it as few.
      let product = function == .silu || function == .gelu
      let error = ulps(value, truth(argument), floor: product ? 110 : 1)
      if error > worst { (worst, place) = (error, argument) }
    }
    #expect(worst <= bound, "\(function) at \(place)")
  }
  for (function, truth) in [(Unary.sin, sin as (Double) -> Double), (.cos, cos)] {
    let result = run(.unary(function), [x], into: x.shape, .f32)
    for (value, argument) in zip(result, x.values) {
      #expect(ulps(value, truth(argument)) <= 2, "\(function) at \(argument)")
    }
  }
}
