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
