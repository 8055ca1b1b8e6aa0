import Foundation
import Graphs
import Tensors
import Testing

@testable import Execution

/// The function and its derivative in double precision.
private func reference(_ function: Unary) -> (value: (Double) -> Double, slope: (Double) -> Double)
{
  let sigmoid = { (x: Double) in 1 / (1 + exp(-x)) }
  let cdf = { (x: Double) in 0.5 * erfc(-x / 2.0.squareRoot()) }
  return switch function {
  case .negate: ({ -$0 }, { _ in -1 })
  case .exp: (exp, exp)
  case .log: (log, { 1 / $0 })
  case .sqrt: ({ $0.squareRoot() }, { 0.5 / $0.squareRoot() })
  case .square: ({ $0 * $0 }, { 2 * $0 })
  case .tanh: (tanh, { 1 - tanh($0) * tanh($0) })
  case .sigmoid: (sigmoid, { sigmoid($0) * sigmoid(-$0) })
  case .relu: ({ $0 > 0 ? $0 : 0 }, { $0 > 0 ? 1 : 0 })
  case .gelu:
    ({ $0 * cdf($0) }, { cdf($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() })
  case .softplus: ({ max($0, 0) + log1p(exp(-abs($0))) }, sigmoid)
  case .silu: ({ $0 * sigmoid($0) }, { sigmoid($0) + $0 * sigmoid($0) * sigmoid(-$0) })
  case .sin: (sin, cos)
  case .cos: (cos, { -sin($0) })
  case .abs: (abs, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
  }
}

private func binaryReference(_ function: Binary, _ a: Double, _ b: Double) -> Double {
  switch function {
  case .add: return a + b
  case .subtract: return a - b
  case .multiply: return a * b
  case .divide: return a / b
  case .floorDivide: return (a / b).rounded(.down)
  case .power: return pow(a, b)
  case .minimum: return min(a, b)
  case .maximum: return max(a, b)
  case .remainder:
    let r = fmod(a, b)
    return r != 0 && (r < 0) != (b < 0) ? r + b : r
  case .equal: return a == b ? 1 : 0
  case .notEqual: return a != b ? 1 : 0
  case .less: return a < b ? 1 : 0
  case .lessOrEqual: return a <= b ? 1 : 0
  case .greater: return a > b ? 1 : 0
  case .greaterOrEqual: return a >= b ? 1 : 0
  }
}

/// Pairs that broadcast: same, scalar, row, column, both stretched, missing axes, empty.
private let pairs: [(Shape, Shape)] = [
  ([], []), ([5], []), ([], [3, 4]), ([3, 4], [3, 4]), ([3, 4], [4]), ([4], [3, 4]),
  ([3, 4], [3, 1]), ([3, 1], [3, 4]), ([3, 1], [1, 4]), ([2, 1, 3], [4, 1]), ([1], [0]),
  ([2, 0], [1]), ([2, 3, 4], [3, 1]), ([2, 3, 4], [2, 1, 4]), ([70], [70]), ([3, 70], [70]),
  ([2, 2, 2, 2], [2, 1, 2, 1]), ([1, 1, 1], [1]), ([6, 1, 5], [1, 7, 1]),
]

@Test(arguments: Unary.allCases)
func `a unary operation and its adjoint agree with double precision`(_ function: Unary) {
  var dice = Dice(state: 3)
  let types: [DType] = function == .negate || function == .abs ? numericTypes : floatingTypes
  for dtype in types {
    for shape in oddShapes {
      var x = Sample(random: shape, dtype, &dice, within: 4)
      if function == .log || function == .sqrt {
        x = Sample(shape, dtype, x.values.map { abs($0) + 0.25 })
      }
      let (value, slope) = reference(function)
      let result = run(.unary(function), [x], into: shape, dtype)
      expectClose(result, x.values.map(value), dtype, times: function == .exp ? 2 : 1)
      if dtype.isIndex { continue }
      let g = Sample(random: shape, dtype, &dice)
      let saved = function.savesResult ? Sample(shape, dtype, result) : x
      let adjoint = run(.unaryAdjoint(function), [g, saved], into: shape, dtype)
      expectClose(adjoint, zip(g.values, x.values).map { $0 * slope($1) }, dtype, times: 8)
    }
  }
}

@Test(arguments: Binary.allCases)
func `a binary operation agrees with double precision over every way to broadcast`(
  _ function: Binary
) throws {
  var dice = Dice(state: 4)
  for dtype in numericTypes where dtype.isFloating || function.takesIntegers {
    for (left, right) in pairs {
      let shape = try #require(Shape.broadcast(left, right))
      var a = Sample(random: left, dtype, &dice)
      var b = Sample(random: right, dtype, &dice)
      if function == .power { a = Sample(left, dtype, a.values.map(abs)) }
      if dtype.isIndex, function == .floorDivide || function == .remainder {
        b = Sample(right, dtype, b.values.map { $0 == 0 ? 2 : $0 })
      }
      let expected = places(shape).map {
        binaryReference(function, a.value(at: $0), b.value(at: $0))
      }
      let type = function.isComparison ? .bool : dtype
      let result = run(.binary(function), [a, b], into: shape, type)
      // What is rounded down is a whole number, rounded where the type does not hold it.
      expectClose(
        result, function == .floorDivide ? expected.map(dtype.nearest) : expected,
        function == .floorDivide ? .i32 : type, times: 4)
    }
  }
}

@Test(arguments: Binary.allCases)
func `an operation with a number is the binary operation with that number`(_ function: Binary) {
  var dice = Dice(state: 6)
  for dtype in numericTypes where dtype.isFloating || function.takesIntegers {
    for shape in oddShapes {
      for number in [2.0, -1, 0.5, 3] where !dtype.isIndex || number == number.rounded() {
        var x = Sample(random: shape, dtype, &dice)
        if function == .power {
          x = Sample(shape, dtype, x.values.map { abs($0) + 1 })
        }
        if dtype.isIndex, function == .floorDivide || function == .remainder {
          x = Sample(shape, dtype, x.values.map { $0 == 0 ? 2 : $0 })
        }
        let type = function.isComparison ? .bool : dtype
        for first in [false, true] {
          let result = run(
            .scalar(function, number, numberFirst: first), [x], into: shape, type)
          let base = function == .power && first ? abs(number) : number
          if base != number { continue }
          let expected = x.values.map {
            first
              ? binaryReference(function, number, $0)
              : binaryReference(function, $0, number)
          }
          expectClose(
            result, function == .floorDivide ? expected.map(dtype.nearest) : expected,
            function == .floorDivide ? .i32 : type, times: 4)
        }
      }
    }
  }
}

@Test func `integer division rounds down`() {
  let a = Sample([4], .i32, [7, -7, 7, -7])
  let b = Sample([4], .i32, [2, 2, -2, -2])
  #expect(run(.binary(.floorDivide), [a, b], into: [4], .i32) == [3, -4, -4, 3])
  #expect(run(.binary(.remainder), [a, b], into: [4], .i32) == [1, 1, -1, -1])
}

@Test(
  arguments: [
    (.binary(.add), [2_147_483_647, 0], [1, 0], .overflow(.i32)),
    (.binary(.subtract), [-2_147_483_648, 0], [1, 0], .overflow(.i32)),
    (.binary(.multiply), [65_536, 0], [65_536, 0], .overflow(.i32)),
    (.binary(.floorDivide), [-2_147_483_648, 1], [-1, 1], .overflow(.i32)),
    (.binary(.floorDivide), [1, 1], [1, 0], .divisionByZero),
    (.binary(.remainder), [1, 1], [0, 1], .divisionByZero),
    (.binary(.maximum), [2_147_483_647, 1], [-2_147_483_648, 1], nil),
    (.binary(.remainder), [-2_147_483_648, 1], [-1, 1], nil),
  ] as [(Graphs.Operation, [Double], [Double], KernelFault.Problem?)])
func `arithmetic that leaves the integers is a fault, along every way to broadcast`(
  operation: Graphs.Operation, left: [Double], right: [Double], problem: KernelFault.Problem?
) {
  for axes in [[2], [2, 1], [1, 2, 1]] as [Shape] {
    let context = RunContext()
    let other = Sample(axes, .i32, right)
    run(operation, [Sample(axes, .i32, left), other], into: axes, .i32, context: context)
    #expect(context.fault?.problem == problem)
    let wide = Shape([3] + axes.axes)
    let many = Sample(wide, .i32, left + left + left)
    context.fault = nil
    run(operation, [many, other], into: wide, .i32, context: context)
    #expect(context.fault?.problem == problem)
  }
}

@Test func `numbers, signs and sums that leave the integers are faults`() {
  let (least, most) = (Double(Int32.min), Double(Int32.max))
  let cases: [(Graphs.Operation, Sample, Shape, KernelFault.Problem?)] = [
    (.scalar(.add, 1, numberFirst: false), Sample([], .i32, [most]), [], .overflow(.i32)),
    (.scalar(.floorDivide, 0, numberFirst: false), Sample([], .i32, [1]), [], .divisionByZero),
    (.scalar(.remainder, 1, numberFirst: true), Sample([2], .i32, [1, 0]), [2], .divisionByZero),
    (.unary(.negate), Sample([2], .i32, [1, least]), [2], .overflow(.i32)),
    (.unary(.abs), Sample([2], .i32, [1, least]), [2], .overflow(.i32)),
    (.unary(.abs), Sample([2], .i32, [1, -most]), [2], nil),
    (
      .reduce(.sum, axes: [0], keepDims: false), Sample([2, 2], .i32, [1, most, 1, 1]), [2],
      .overflow(.i32)
    ),
    (.reduce(.sum, axes: [0], keepDims: false), Sample([3], .i32, [most, most, -most]), [], nil),
  ]
  for (operation, operand, shape, problem) in cases {
    let context = RunContext()
    run(operation, [operand], into: shape, .i32, context: context)
    #expect(context.fault?.problem == problem)
  }
}

@Test func `floating division by zero and NaN behave as NumPy's`() {
  let nan = Double.nan
  let a = Sample([6], .f64, [1, -1, 0, nan, 1, -7.5])
  let b = Sample([6], .f64, [0, 0, 0, 1, nan, 2])
  let floor = run(.binary(.floorDivide), [a, b], into: [6], .f64)
  #expect(floor[0] == .infinity && floor[1] == -.infinity && floor[2].isNaN)
  #expect(floor[3].isNaN && floor[4].isNaN && floor[5] == -4)
  let rest = run(.binary(.remainder), [a, b], into: [6], .f64)
  #expect(rest[..<5].allSatisfy(\.isNaN) && rest[5] == 0.5)
  for function in [Binary.minimum, .maximum] {
    let result = run(.binary(function), [a, b], into: [6], .f64)
    #expect(result[3].isNaN && result[4].isNaN)
  }
}

@Test func `select takes from either side over every way to broadcast`() throws {
  var dice = Dice(state: 8)
  let shapes: [Shape] = [[], [4], [3, 1], [3, 4], [2, 1, 4], [2, 3, 1], [1], [0], [2, 3, 4]]
  for dtype in DType.allCases {
    for c in shapes {
      for a in shapes {
        for b in shapes {
          guard let both = Shape.broadcast(a, b), let shape = Shape.broadcast(both, c) else {
            continue
          }
          let condition = Sample(random: c, .bool, &dice)
          let (x, y) = (Sample(random: a, dtype, &dice), Sample(random: b, dtype, &dice))
          let expected = places(shape).map {
            condition.value(at: $0) != 0 ? x.value(at: $0) : y.value(at: $0)
          }
          #expect(run(.select, [condition, x, y], into: shape, dtype) == expected)
        }
      }
    }
  }
}

@Test func `clip, its adjoint, cast and fill are exact`() {
  var dice = Dice(state: 9)
  for shape in oddShapes {
    for dtype in numericTypes {
      let x = Sample(random: shape, dtype, &dice)
      #expect(
        run(.clip(low: -1, high: 2), [x], into: shape, dtype)
          == x.values.map { min(max($0, -1), 2) })
      #expect(run(.fill(3, dtype, shape), [], into: shape, dtype) == x.values.map { _ in 3 })
      #expect(run(.literal(x.values, dtype, shape), [], into: shape, dtype) == x.values)
      let count = shape.count
      #expect(
        run(.range(start: 5, step: -2, dtype, count: count), [], into: [count], dtype)
          == (0..<count).map { dtype.nearest(to: 5 - 2 * Double($0)) })
      for other in DType.allCases {
        let expected = x.values.map { (value) -> Double in
          switch other {
          case .bool: value != 0 ? 1 : 0
          case .i32, .i64: value.rounded(.towardZero)
          case .f32, .f16, .bf16: other.nearest(to: value)
          case .f64: value
          }
        }
        #expect(run(.cast(other), [x], into: shape, other) == expected)
      }
      let truths = Sample(random: shape, .bool, &dice)
      #expect(run(.cast(dtype), [truths], into: shape, dtype) == truths.values)
      #expect(run(.fill(1, .bool, shape), [], into: shape, .bool) == x.values.map { _ in 1 })
      #expect(
        run(.literal(truths.values, .bool, shape), [], into: shape, .bool) == truths.values)
      if dtype.isIndex { continue }
      let g = Sample(random: shape, dtype, &dice)
      #expect(
        run(.clipAdjoint(low: -1, high: 2), [g, x], into: shape, dtype)
          == zip(g.values, x.values).map { $1 >= -1 && $1 <= 2 ? $0 : 0 })
    }
  }
}

@Test(arguments: [.nan, .infinity, -.infinity, 2_147_483_648, -2_147_483_649] as [Double])
func `what becomes no integer is a fault with its number`(number: Double) throws {
  let context = RunContext()
  run(
    .cast(.i32), [Sample([3], .f64, [1, number, .nan])], into: [3], .i32, context: context)
  guard case .notInteger(let found, .i32)? = context.fault?.problem else {
    Issue.record("no fault")
    return
  }
  #expect(bits([found]) == bits([number]))
}

@Test func `conversion to integers cuts toward 0`() {
  let x = Sample([4], .f64, [2_147_483_647.9, -2_147_483_648.9, -2.9, 0.9])
  let (least, most) = (Double(Int32.min), Double(Int32.max))
  #expect(run(.cast(.i32), [x], into: [4], .i32) == [most, least, -2, 0])
}

// MARK: The rule of broadcasting, written anew

extension Shape {
  /// The shape both broadcast to by NumPy's rule (axes aligned from the last; length 1 stretches);
  /// `nil` where an axis differs.
  fileprivate static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
    let rank = max(a.rank, b.rank)
    var axes = [Int](repeating: 1, count: rank)
    for back in 1...max(rank, 1) where back <= rank {
      let x = back <= a.rank ? a.axes[a.rank - back] : 1
      let y = back <= b.rank ? b.axes[b.rank - back] : 1
      guard x == y || x == 1 || y == 1 else { return nil }
      axes[rank - back] = x == 1 ? y : x
    }
    return Shape(axes)
  }
}

@Test func `shapes broadcast by NumPy's rule`() {
  #expect(Shape.broadcast([3, 1], [4]) == [3, 4])
  #expect(Shape.broadcast([], [2, 0]) == [2, 0])
  #expect(Shape.broadcast([1], [0]) == [0])
  #expect(Shape.broadcast([2, 3], [2]) == nil)
  #expect(Shape.broadcast([], []) == [])
}
