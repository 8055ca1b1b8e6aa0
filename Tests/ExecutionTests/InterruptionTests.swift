import CKernels
import Glibc
import Graphs
import Schedules
import Tensors
import Testing

@testable import Execution

/// A matrix of small whole numbers, which f32 sums exactly.
private func matrix(_ rows: Int, _ columns: Int, ledger: Ledger) throws -> Tensor {
  try Tensor(shape: [rows, columns], dtype: .f32, account: .values, ledger: ledger) { index in
    Double(index * 7919 % 13 - 6)
  }
}

@Test func `a product long enough for several pieces is right at every corner of them`() throws {
  let ledger = Ledger()
  let (m, n, k) = (1100, 700, 900)
  for (transposeLeft, transposeRight) in [(false, false), (true, false), (false, true)] {
    let a = try matrix(transposeLeft ? k : m, transposeLeft ? m : k, ledger: ledger)
    let b = try matrix(transposeRight ? n : k, transposeRight ? k : n, ledger: ledger)
    let y = try #require(
      try Eager.apply(
        .matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), to: [a, b],
        ledger: ledger, context: RunContext()
      ).first)
    for i in stride(from: 0, to: m, by: 61) {
      for j in stride(from: 0, to: n, by: 53) {
        let sum = (0..<k).reduce(0.0) { sum, p in
          sum + (a.element(at: transposeLeft ? p * m + i : i * k + p) ?? .nan)
            * (b.element(at: transposeRight ? j * k + p : p * n + j) ?? .nan)
        }
        #expect(y.element(at: i * n + j) == sum, "\(i), \(j)")
      }
    }
  }
}

@Test func `an operation that is asked to stop gives nothing, and leaves nothing live`() throws {
  let ledger = Ledger()
  let context = RunContext()
  let a = try matrix(300, 300, ledger: ledger)
  let live = ledger.liveTotal
  context.interruption.request()
  #expect(throws: ExecutionError.interrupted) {
    try Eager.apply(.unary(.exp), to: [a], ledger: ledger, context: context)
  }
  #expect(ledger.liveTotal == live)
  context.interruption.clear()
  #expect(try Eager.apply(.unary(.exp), to: [a], ledger: ledger, context: context).count == 1)
}

/// A matrix whose every element is the same.
private func even(_ shape: Shape, _ value: Double, ledger: Ledger) throws -> Tensor {
  try Tensor(shape: shape, dtype: .f32, account: .values, ledger: ledger) { _ in value }
}

/// Operations on two matrices of 2048 × 2304 elements, several pieces each, and what they give.
private let long: [(Operation, operands: Int, result: Shape)] = {
  let shape: Shape = [2048, 2304]
  return [
    (.scalar(.add, 1, numberFirst: false), 1, shape), (.clip(low: 0, high: 1), 1, shape),
    (.permute([1, 0]), 1, [2304, 2048]), (.concat(axis: 0), 2, [4096, 2304]),
    (.softmax(axis: 1), 1, shape), (.unary(.tanh), 1, shape),
    (.binary(.multiply), 2, shape), (.dropout(rate: 0.5, site: 0), 1, shape),
    (.random(.normal, .f32, shape, site: 0), 0, shape), (.fill(3, .f32, shape), 0, shape),
    (.random(.uniform(low: 0, high: 1), .f32, shape, site: 0), 0, shape),
    (.range(start: 1, step: 1, .f32, count: 2048 * 2304), 0, [2048 * 2304]),
    (.matmul(transposeLeft: false, transposeRight: true), 2, [2048, 2048]),
  ]
}()

@Test(arguments: long.indices)
func `a long operation that is asked to stop leaves its work undone, and else does it whole`(
  index: Int
) throws {
  let (operation, count, shape) = long[index]
  let ledger = Ledger()
  let operands = try (0..<count).map { _ in try even([2048, 2304], 0.5, ledger: ledger) }
  let result = try even(shape, .nan, ledger: ledger)
  let context = RunContext()
  let instruction = KernelTable.instruction(
    for: operation, operands: operands.map(\.view), results: [result.view], scratch: nil,
    context: context)
  context.interruption.request()
  instruction()
  #expect(result.element(at: shape.count - 1)?.isNaN == true, "\(operation)")
  context.interruption.clear()
  instruction()
  #expect(result.doubles().allSatisfy { !$0.isNaN }, "\(operation)")
}

@Test func `draws and sums in pieces are those of a run in one`() throws {
  let (ledger, context) = (Ledger(), RunContext(seed: 5, step: 9))
  let count = 5_000_003
  let whole = try #require(
    try Eager.apply(
      .random(.normal, .f32, [count], site: 3), to: [], ledger: ledger, context: context
    ).first)
  var alone = [Float](repeating: 0, count: count)
  ck_normal(0, 5, 3, 9, &alone, 0, count)
  #expect(
    stride(from: 0, to: count, by: 997).allSatisfy {
      whole.element(at: $0) == Double(alone[$0])
    })
  for reduction in [Reduction.sum, .average, .max] {
    let found = try #require(
      try Eager.apply(
        .reduce(reduction, axes: [0], keepDims: false), to: [whole], ledger: ledger,
        context: context
      ).first?.element(at: 0))
    let sum = alone.reduce(0.0) { $0 + Double($1) }
    let expected: Double =
      switch reduction {
      case .sum: sum
      case .average: sum / Double(count)
      case .max, .min: Double(alone.max() ?? 0)
      }
    #expect(abs(found - expected) <= max(abs(expected), 1) * 1e-5, "\(reduction)")
  }
}

/// Operations that are one piece as far as the threads go, with what they read and what they write.
/// Operands count up from 0, integers are all 1 but for labels and indices, which are 0.
struct OnePiece: CustomTestStringConvertible, Sendable {
  let operation: Operation
  let operands: [TensorType]
  let results: [TensorType]
  var integer = 0.0

  var testDescription: String { operation.name }

  static let many = 1 << 21
  static let row = TensorType([1, many], .f32)
  static let tall = TensorType([many / 4, 4], .f32)
  static let labels = TensorType([many / 64], .i32)
  static let logits = TensorType([many / 64, 64], .f32)
  static let one = TensorType(.scalar, .f32)

  static let all: [OnePiece] = [
    OnePiece(operation: .softmax(axis: 0), operands: [tall], results: [tall]),
    OnePiece(operation: .softmax(axis: 1), operands: [row], results: [row]),
    OnePiece(operation: .logSoftmax(axis: 0), operands: [tall], results: [tall]),
    OnePiece(operation: .logSoftmax(axis: 1), operands: [row], results: [row]),
    OnePiece(operation: .softmaxAdjoint(axis: 0), operands: [tall, tall], results: [tall]),
    OnePiece(operation: .softmaxAdjoint(axis: 1), operands: [row, row], results: [row]),
    OnePiece(operation: .logSoftmaxAdjoint(axis: 0), operands: [tall, tall], results: [tall]),
    OnePiece(operation: .logSoftmaxAdjoint(axis: 1), operands: [row, row], results: [row]),
    OnePiece(
      operation: .logSumExp(axis: 1, keepDims: false), operands: [row],
      results: [TensorType([1], .f32)]),
    OnePiece(
      operation: .argReduce(.greatest, axis: 1), operands: [row],
      results: [TensorType([1], .i32)]),
    OnePiece(
      operation: .argReduce(.greatest, axis: 0), operands: [tall],
      results: [TensorType([4], .i32)]),
    OnePiece(operation: .crossEntropy(), operands: [logits, labels], results: [one]),
    OnePiece(
      operation: .crossEntropyAdjoint(), operands: [TensorType([1], .f32), logits, labels],
      results: [logits]),
    OnePiece(
      operation: .reduce(.sum, axes: [0], keepDims: false), operands: [TensorType([many], .i32)],
      results: [TensorType(.scalar, .i32)], integer: 1),
    OnePiece(
      operation: .reduce(.average, axes: [1], keepDims: false),
      operands: [TensorType([many, 1], .f32)], results: [TensorType([many], .f32)]),
    OnePiece(
      operation: .take(axis: 0), operands: [row, TensorType([1], .i32)], results: [row]),
    OnePiece(
      operation: .takeAdjoint(axis: 0, row.shape), operands: [row, TensorType([1], .i32)],
      results: [row]),
    OnePiece(
      operation: .oneHot(classes: many, .f32), operands: [TensorType([1], .i32)],
      results: [TensorType([1, many], .f32)]),
    OnePiece(
      operation: .layerNorm(epsilon: 1e-5),
      operands: [row, TensorType([many], .f32), TensorType([many], .f32)],
      results: [row, TensorType([1], .f32), TensorType([1], .f32)]),
  ]
}

@Test(arguments: OnePiece.all)
func `an operation in one piece stops as well, and else does its work whole`(
  subject: OnePiece
) throws {
  let ledger = Ledger()
  func tensor(_ type: TensorType, _ value: @escaping (Int) -> Double) throws -> Tensor {
    try Tensor(
      shape: type.shape, dtype: type.dtype, account: .values, ledger: ledger, element: value)
  }
  let operands = try subject.operands.map { type in
    try tensor(type) { type.dtype == .i32 ? subject.integer : Double($0 % 1_000_003) }
  }
  let results = try subject.results.map { type in try tensor(type) { _ in 77 } }
  let context = RunContext()
  let instruction = KernelTable.instruction(
    for: subject.operation, operands: operands.map(\.view), results: results.map(\.view),
    scratch: nil, context: context)
  let last = subject.results[0].shape.count - 1
  context.interruption.request()
  instruction()
  let stopped = results[0].element(at: last)
  #expect(context.fault == nil)
  context.interruption.clear()
  instruction()
  #expect(results[0].element(at: last) != stopped)
}

@Test func `what has to be finished hears no request to stop`() throws {
  let ledger = Ledger()
  let operand = try even([1, 100_000], 0.5, ledger: ledger)
  let result = try even([1, 100_000], .nan, ledger: ledger)
  let context = RunContext()
  context.mayStop = false
  context.interruption.request()
  KernelTable.instruction(
    for: .softmax(axis: 1), operands: [operand.view], results: [result.view], scratch: nil,
    context: context)()
  #expect(result.doubles().allSatisfy { abs($0 - 1e-5) < 1e-7 })
}

/// Rows longer than what is done between two looks at the request, with a rest that fills no lane.
@Test func `a row of several stretches is that of double precision`() throws {
  let ledger = Ledger()
  let count = 30_011
  let x = try Tensor(
    shape: [1, count], dtype: .f32, account: .values, ledger: ledger
  ) { Double($0 * 7919 % 1009) / 200 }
  let numbers = x.doubles()
  let top = numbers.max() ?? 0
  let sum = numbers.reduce(0) { $0 + exp($1 - top) }
  func result(_ operation: Operation) throws -> [Double] {
    try Eager.apply(operation, to: [x], ledger: ledger, context: RunContext())[0].doubles()
  }
  let softmax = try result(.softmax(axis: 1))
  let logSoftmax = try result(.logSoftmax(axis: 1))
  for place in numbers.indices {
    let expected = exp(numbers[place] - top) / sum
    #expect(abs(softmax[place] - expected) <= 1e-5 * expected)
    #expect(abs(logSoftmax[place] - log(expected)) <= 1e-5)
  }
  let logSum = try result(.logSumExp(axis: 1, keepDims: false))
  #expect(abs(logSum[0] - (top + log(sum))) < 1e-5)
  let places = try result(.argReduce(.greatest, axis: 1))
  #expect(places == [Double(numbers.firstIndex(of: top) ?? -1)])
}

@Test func `a plan that is asked to stop is neither compiled nor made ready to run`() throws {
  var builder = GraphBuilder()
  let w = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "w"))
  builder.setResult(
    try builder.reduce(.sum, builder.unary(.tanh, w), axes: [0], keepDims: false))
  let bench = try Bench(builder.finished(), [[1, 2, 3]])
  let program = try bench.program(KeepAll())
  let live = bench.ledger.live
  Planning.$listener.withValue(Planning.Listener { true }) {
    #expect(throws: ExecutionError.interrupted) {
      try Program(program.lowering, program.rehearsal)
    }
    #expect(throws: ExecutionError.interrupted) {
      try program.run(inputs: bench.inputs, context: RunContext(), ledger: bench.ledger)
    }
  }
  #expect(bench.ledger.live == live)
  #expect(try bench.run(bench.program(KeepAll())).gradients.count == 1)
}
