import CKernels
import GraphLab
import Graphs
import Tensors
import Testing

@testable import Execution

private let shortTypes: [DType] = [.f16, .bf16]

/// Numbers in memory, converted by the kernels.
private func converted<From: BitwiseCopyable, To: BitwiseCopyable>(
  _ values: [From], _ from: DType, _ to: DType
) -> [To] {
  [To](unsafeUninitializedCapacity: values.count) { room, count in
    values.withUnsafeBufferPointer { source in
      ck_cast(from.code, to.code, source.baseAddress, room.baseAddress, source.count)
    }
    count = values.count
  }
}

/// Runs a test for each set of kernels that this processor can run.
private func withEachSet(_ body: (KernelSet) throws -> Void) rethrows {
  let current = KernelSet.current
  defer { current.use() }
  for set in KernelSet.allCases where set.isRunnable {
    set.use()
    try body(set)
  }
}

extension OwnProcessTests {
  @Test func `every pattern of two bytes is the same again after f32 and f64`() async {
    await #expect(processExitsWith: .success) {
      for dtype in shortTypes { try ShortFloatTests.expectSamePatterns(dtype) }
    }
  }

  @Test func `between two neighbours the nearest is taken, and half way the even one`() async {
    await #expect(processExitsWith: .success) {
      for dtype in shortTypes { try ShortFloatTests.expectNearest(dtype) }
    }
  }

  @Test func `neither threads nor the set of kernels change a bit`() async {
    await #expect(processExitsWith: .success) {
      for dtype in shortTypes { ShortFloatTests.expectSameBits(dtype) }
    }
  }
}

@Suite struct ShortFloatTests {
  fileprivate static func expectSamePatterns(_ dtype: DType) throws {
    let format = try #require(dtype.short)
    let patterns = Array(UInt16.min...UInt16.max)
    let numbers = patterns.map(format.number)
    let same = zip(patterns, numbers).filter { !$1.isNaN }
    #expect(same.allSatisfy { format.bits(of: $1) == $0 }, "\(dtype)")
    withEachSet { set in
      let singles: [Float] = converted(patterns, dtype, .f32)
      let back: [UInt16] = converted(singles, .f32, dtype)
      let doubles: [Double] = converted(patterns, dtype, .f64)
      let backAgain: [UInt16] = converted(doubles, .f64, dtype)
      let wrong = patterns.indices.count { place in
        let (bits, number, single) = (patterns[place], numbers[place], singles[place])
        if back[place] != bits { return true }
        if number.isNaN { return !single.isNaN || !format.number(backAgain[place]).isNaN }
        return Double(single).bitPattern != number.bitPattern || backAgain[place] != bits
      }
      #expect(wrong == 0, "\(wrong) of \(dtype) with \(set)")
    }
  }

  fileprivate static func expectNearest(_ dtype: DType) throws {
    let format = try #require(dtype.short)
    let infinity = format.bits(of: .infinity)
    var (numbers, expected): ([Double], [UInt16]) = ([], [])
    for bits in 0..<infinity {
      let low = format.number(bits)
      // Behind the greatest comes what would be the next, did the exponents go on.
      let high =
        bits + 1 == infinity
        ? low + (low - format.number(bits - 1)) : format.number(bits + 1)
      let middle = (low + high) / 2
      let even = bits % 2 == 0 ? bits : bits + 1
      for (number, nearest) in [
        (middle, even), (middle.nextDown, bits), (middle.nextUp, bits + 1),
      ] {
        numbers += [number, -number]
        expected += [nearest, nearest | 0x8000]
      }
    }
    #expect(numbers.map(format.bits) == expected, "\(dtype)")
    let exact = numbers.indices.filter { Double(Float(numbers[$0])) == numbers[$0] }
    withEachSet { set in
      #expect(converted(numbers, .f64, dtype) == expected, "\(dtype) with \(set)")
      #expect(
        converted(exact.map { Float(numbers[$0]) }, .f32, dtype) == exact.map { expected[$0] },
        "\(dtype) with \(set)")
    }
  }

  #if arch(x86_64) || arch(arm64)
    @Test func `f16 is the binary16 of the standard library`() {
      var dice = Dice(state: 90)
      for _ in 0..<100_000 {
        let number = Double(bitPattern: dice.next())
        let small = number.isFinite ? number / number.binade * Double.random(in: 0...70000) : 1.5
        #expect(ShortFloat.f16.bits(of: small) == Float16(small).bitPattern)
      }
    }
  #endif

  /// One case of each operation that short floats have, small and of odd lengths.
  private static let cases: [(operation: Graphs.Operation, operands: [Shape], result: Shape)] = [
    (.unary(.gelu), [[2, 333]], [2, 333]), (.unary(.exp), [[7]], [7]),
    (.unaryAdjoint(.gelu), [[700], [700]], [700]),
    (.binary(.multiply), [[3, 301], [301]], [3, 301]),
    (.binary(.divide), [[3, 1], [3, 5]], [3, 5]),
    (.scalar(.multiply, 0.1, numberFirst: false), [[520]], [520]),
    (.scalar(.subtract, 1e-3, numberFirst: true), [[5]], [5]),
    (.clip(low: -0.1, high: 0.3), [[300]], [300]),
    (.matmul(transposeLeft: false, transposeRight: false), [[70, 300], [300, 90]], [70, 90]),
    (.matmul(transposeLeft: true, transposeRight: false), [[300, 5], [300, 70]], [5, 70]),
    (.matmul(transposeLeft: false, transposeRight: true), [[70, 129], [3, 129]], [70, 3]),
    (.matmul(transposeLeft: true, transposeRight: true), [[2, 40, 7], [2, 9, 40]], [2, 7, 9]),
    (.reduce(.sum, axes: [0], keepDims: false), [[100, 200]], [200]),
    (.reduce(.average, axes: [1], keepDims: false), [[3, 3000]], [3]),
    (.reduce(.max, axes: [0, 2], keepDims: false), [[5, 3, 200]], [3]),
    (.softmax(axis: 1), [[90, 33]], [90, 33]), (.softmax(axis: 0), [[33, 9]], [33, 9]),
    (.softmax(axis: 1), [[2, 3000]], [2, 3000]),
    (.softmaxAdjoint(axis: 1), [[90, 33], [90, 33]], [90, 33]),
    (.logSoftmax(axis: 1), [[40, 9]], [40, 9]),
    (.logSoftmaxAdjoint(axis: 1), [[40, 9], [40, 9]], [40, 9]),
    (.logSumExp(axis: 1, keepDims: false), [[90, 33]], [90]),
    (.dropout(rate: 0.3, site: 4), [[1000]], [1000]),
    (.pad([AxisPadding(before: 1, after: 2)], 0.5), [[7]], [10]),
    (
      .conv2d(Convolution(height: Sliding(), width: Sliding())),
      [[5, 6, 6, 3], [3, 3, 3, 4]], [5, 4, 4, 4]
    ),
    (
      .conv2dWeights(Convolution(height: Sliding(), width: Sliding()), height: 3, width: 3),
      [[5, 6, 6, 3], [5, 4, 4, 4]], [3, 3, 3, 4]
    ),
  ]

  @Test(arguments: shortTypes)
  func `an operation gives what its kernel for f32 gives, rounded once`(dtype: DType) {
    var dice = Dice(state: 91)
    for (operation, shapes, result) in Self.cases {
      let operands = shapes.map { Sample(random: $0, dtype, &dice) }
      let found = run(operation, operands, into: result, dtype)
      let wide = run(
        operation, operands.map { Sample($0.shape, .f32, $0.values) }, into: result, .f32)
      #expect(bits(found) == bits(wide.map(dtype.nearest)), "\(operation) on \(dtype)")
    }
  }

  @Test(arguments: shortTypes)
  func `layer norm of short floats is that of f32, with statistics in f32`(dtype: DType) {
    var dice = Dice(state: 92)
    for shape in [Shape([70, 33]), [3, 600], [1, 1]] {
      let rows: Shape = [shape[0]]
      let size: Shape = [shape[1]]
      let operands = [shape, size, size].map { Sample(random: $0, dtype, &dice) }
      func norm(_ type: DType) -> [[Double]] {
        run(
          .layerNorm(epsilon: 0.1), operands.map { Sample($0.shape, type, $0.values) },
          into: [TensorType(shape, type), TensorType(rows, .f32), TensorType(rows, .f32)])
      }
      let (short, wide) = (norm(dtype), norm(.f32))
      #expect(bits(short[0]) == bits(wide[0].map(dtype.nearest)))
      #expect(short[1...].map(bits) == wide[1...].map(bits))
      let g = Sample(random: shape, dtype, &dice)
      // That of short floats is given no means.
      let mean = run(
        .reduce(.average, axes: [1], keepDims: false),
        [Sample(shape, .f32, operands[0].values)], into: [TensorType(rows, .f32)])[0]
      func adjoint(_ type: DType) -> [[Double]] {
        let given = [g, operands[0], operands[1]].map { Sample($0.shape, type, $0.values) }
        let means = type.isShort ? [] : [Sample(rows, .f32, mean)]
        return run(
          .layerNormAdjoint([.x, .gain, .offset]), given + means + [Sample(rows, .f32, wide[2])],
          into: [TensorType(shape, type), TensorType(size, type), TensorType(size, type)])
      }
      #expect(
        adjoint(dtype).map(bits) == adjoint(.f32).map { bits($0.map(dtype.nearest)) })
    }
  }

  fileprivate static func expectSameBits(_ dtype: DType) {
    let large: [(Graphs.Operation, [Shape], Shape)] = [
      (
        .matmul(transposeLeft: false, transposeRight: true), [[300, 257], [310, 257]], [300, 310]
      ),
      (.softmax(axis: 1), [[700, 100]], [700, 100]),
      (.unary(.tanh), [[70_000]], [70_000]),
      (.reduce(.sum, axes: [1], keepDims: false), [[9, 9000]], [9]),
    ]
    for (operation, shapes, result) in Self.cases + large {
      var dice = Dice(state: 93)
      let operands = shapes.map { Sample(random: $0, dtype, &dice) }
      var found: [[[UInt8]]] = []
      withEachSet { _ in
        for count in [1, 2] {
          KernelTable.setThreads(count)
          found.append(runBytes(operation, operands, into: [TensorType(result, dtype)]))
        }
      }
      #expect(found.allSatisfy { $0 == found[0] }, "\(operation) on \(dtype)")
    }
  }

  @Test(arguments: shortTypes)
  func `a long sum of short floats keeps its digits`(dtype: DType) {
    let tenth = dtype.nearest(to: 0.1)
    let x = Sample([1, 60_000], dtype, [Double](repeating: 0.1, count: 60_000))
    let sum = run(.reduce(.sum, axes: [1], keepDims: false), [x], into: [1], dtype)
    #expect(sum == [dtype.nearest(to: tenth * 60_000)])
  }

  @Test(arguments: shortTypes)
  func `an update of short floats is that of f32, rounded once`(dtype: DType) throws {
    var dice = Dice(state: 95)
    let ledger = Ledger()
    for rule in UpdateRules.all {
      for shape in [Shape([7]), [3, 300]] {
        let shapes = [shape, shape] + rule.moments(of: shape)
        let values = shapes.enumerated().map { place, shape in
          Sample(random: shape, dtype, &dice).values.map { place < 2 ? $0 : abs($0) }
        }
        func updated(_ type: DType) throws -> [[Double]] {
          let tensors = try zip(shapes, values).map {
            try Tensor(values: $1, shape: $0, dtype: type, account: .values, ledger: ledger)
          }
          try Eager.update(
            [
              Eager.ParameterUpdate(
                parameter: tensors[0], gradient: tensors[1], moments: Array(tensors[2...]))
            ], rule, Clipping(norm: 2, value: 0.5), ledger: ledger,
            context: RunContext(updateNumber: 3))
          return tensors.map { $0.doubles() }
        }
        let (short, wide) = (try updated(dtype), try updated(.f32))
        #expect(short.map(bits) == wide.map { bits($0.map(dtype.nearest)) }, "\(rule)")
      }
    }
  }

  @Test(arguments: shortTypes)
  func `gradients of short floats are added up and scaled in f32`(dtype: DType) {
    var dice = Dice(state: 96)
    let operands = [Sample(random: [9000], dtype, &dice), Sample(random: [7], dtype, &dice)]
    let wide = operands.map { Sample($0.shape, .f32, $0.values) }
    let scale = Graphs.Operation.gradientScale(norm: 0.1, limit: 2)
    #expect(run(scale, operands, into: [], .f64) == run(scale, wide, into: [], .f64))
    let pair = [operands[0], Sample(random: [9000], dtype, &dice)]
    let sums = Graphs.Operation.accumulate(isInPlace: false)
    let context = RunContext()
    context.share = 0.3
    let found = run(sums, pair, into: [9000], dtype, context: context)
    let expected = run(
      sums, pair.map { Sample($0.shape, .f32, $0.values) }, into: [9000], .f32, context: context)
    #expect(bits(found) == bits(expected.map(dtype.nearest)))
  }

  @Test func `a scaled gradient that is not finite keeps updates from being made`() throws {
    let scale = Graphs.Operation.gradientScale(norm: .infinity, lossScale: 1024)
    let context = RunContext()
    let fine = Sample([3], .f32, [1, 2, 3])
    #expect(run(scale, [fine], into: [], .f64, context: context) == [1.0 / 1024])
    #expect(!context.skipsUpdates)
    for odd in [Double.infinity, -.infinity, .nan] {
      let found = run(
        scale, [fine, Sample([2], .f32, [1, odd])], into: [], .f64, context: context)
      #expect(found[0].isNaN && context.skipsUpdates)
    }
    let ledger = Ledger()
    func tensor(_ values: [Double], _ shape: Shape, _ dtype: DType) throws -> Tensor {
      try Tensor(values: values, shape: shape, dtype: dtype, account: .values, ledger: ledger)
    }
    let parameter = try tensor([1, 2, 3], [3], .f32)
    let operands = [
      parameter, try tensor([1, 2, 3], [3], .f32), try tensor([.nan], [], .f64),
    ]
    KernelTable.instruction(
      for: .update(.sgd(rate: 1), isScaled: true), operands: operands.map(\.view), results: [],
      scratch: nil, context: context)()
    #expect(parameter.doubles() == [1, 2, 3])
  }

  @Test func `uniform draws of short floats stay below their upper bound`() {
    for dtype in shortTypes {
      for (low, high) in [(0.0, 1.0), (-1.0, 0.0), (-3.0, -2.0)] {
        let drawn = run(
          .random(.uniform(low: low, high: high), dtype, [5000], site: 1), [], into: [5000], dtype)
        #expect(drawn.allSatisfy { $0 >= low && $0 < high })
      }
    }
  }
}

@Test func `i64 goes to 2^53 either way, and beyond is a fault`() {
  let limit = 0x1p53
  let cases: [(Graphs.Operation, [Double], KernelFault.Problem?, Double)] = [
    (.binary(.add), [limit - 1, 1], nil, limit), (.binary(.add), [limit, 1], .overflow(.i64), 0),
    (.binary(.multiply), [0x1p30, 0x1p23], nil, limit),
    (.binary(.multiply), [0x1p40, 0x1p40], .overflow(.i64), 0),
    (.binary(.floorDivide), [-7, 2], nil, -4), (.binary(.remainder), [-7, 2], nil, 1),
    (.binary(.remainder), [-7, 0], .divisionByZero, 0),
  ]
  for (operation, numbers, problem, expected) in cases {
    let context = RunContext()
    let found = run(
      operation, numbers.map { Sample([1], .i64, [$0]) }, into: [1], .i64, context: context)
    #expect(context.fault?.problem == problem)
    if problem == nil { #expect(found == [expected]) }
  }
  let context = RunContext()
  run(.cast(.i64), [Sample([2], .f64, [1, 0x1p54])], into: [2], .i64, context: context)
  #expect(context.fault?.problem == .notInteger(0x1p54, .i64))
  context.fault = nil
  run(.cast(.i32), [Sample([2], .i64, [1, 0x1p40])], into: [2], .i32, context: context)
  #expect(context.fault?.problem == .notInteger(0x1p40, .i32))
}
