import CKernels
import Graphs
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
