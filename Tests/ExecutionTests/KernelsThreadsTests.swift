import Graphs
import Tensors
import Testing

@testable import Execution

@Test func `parts cover all work exactly once, whatever the number of threads`() {
  for count in [2, 7, 1000] {
    let seen = UnsafeMutablePointer<Int>.allocate(capacity: count)
    defer { seen.deallocate() }
    seen.initialize(repeating: 0, count: count)
    Crew.instruction(count: count, nanoseconds: 1e6, asking: RunContext()) { part in
      for index in part { seen[index] += 1 }
    }()
    #expect((0..<count).allSatisfy { seen[$0] == 1 })
  }
}

/// Runs an operation whole, and then in pieces of a few elements or rows, which gives what any
/// split would.
private func expectSplits(_ operation: Operation, _ shape: Shape, operands: Int) {
  var dice = Dice(state: 41)
  let samples = (0..<operands).map { _ in Sample(random: shape, .f32, &dice) }
  let whole = run(operation, samples, into: shape, .f32)
  let width = shape.count / shape[0]
  for size in [1, 3, 17] {
    var pieces: [Double] = []
    for start in stride(from: 0, to: shape[0], by: size) {
      let rows = min(size, shape[0] - start)
      let piece = Shape([rows] + shape.axes.dropFirst())
      let range = (start * width)..<((start + rows) * width)
      pieces += run(
        operation, samples.map { Sample(piece, .f32, Array($0.values[range])) }, into: piece, .f32)
    }
    #expect(bits(pieces) == bits(whole), "\(operation) in pieces of \(size)")
  }
}

@Test func `work done in pieces gives the bits of work done whole`() {
  for function in Unary.allCases {
    expectSplits(.unary(function), [300], operands: 1)
    expectSplits(.unaryAdjoint(function), [300], operands: 2)
  }
  for function in [Binary.add, .divide, .power] {
    expectSplits(.binary(function), [300], operands: 2)
  }
  for shape in [Shape([40, 5]), [40, 70], [20, 3, 4]] {
    for axis in 1..<shape.rank {
      expectSplits(.softmax(axis: axis), shape, operands: 1)
      expectSplits(.softmaxAdjoint(axis: axis), shape, operands: 2)
      expectSplits(.logSoftmax(axis: axis), shape, operands: 1)
      expectSplits(.logSoftmaxAdjoint(axis: axis), shape, operands: 2)
    }
  }
}
