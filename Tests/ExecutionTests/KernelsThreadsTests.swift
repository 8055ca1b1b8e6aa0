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

@Test func `work of a few parts is cut into an even number of them`() {
  for microseconds in stride(from: 5.0, through: 1000, by: 1) {
    let parts = Crew.parts(ofNanoseconds: microseconds * 1000)
    #expect(parts >= 2 && parts % 2 == 0, "\(microseconds) µs in \(parts) parts")
  }
}

@Test func `a product of some microseconds is never one piece`() {
  for m in [1, 4, 8, 16, 24, 40, 100] {
    for n in [32, 64, 96, 160, 250, 256, 512, 1000] {
      for k in [64, 300, 1024, 4000] {
        for goesOn in [false, true] where m >= 16 || n >= 64 {
          let product = Product(
            m: m, n: n, k: k, transposeLeft: false, transposeRight: true, dtype: .f32, leftRow: k,
            rightRow: k)
          guard product.nanoseconds >= Crew.leastNanoseconds else { continue }
          let piece = product.piece(goesOn: goesOn)
          #expect(
            piece.rows < m || piece.columns < n, "\(m) × \(k) × \(n) in one piece of \(piece)")
        }
      }
    }
  }
}

@Test func `numbers that threads find apart are added in their order`() {
  var dice = Dice(state: 43)
  for count in [0, 1, 511, 512, 513, 3000] {
    let numbers = (0..<count).map { _ in Double.random(in: -1e6...1e6, using: &dice) }
    let sum = OrderedSum(of: count, nanoseconds: 1e6, asking: RunContext()) { part, found in
      for (place, index) in part.enumerated() { found[place] = numbers[index] }
    }
    #expect(sum.value() == numbers.reduce(0, +))
    #expect(sum.value() == numbers.reduce(0, +), "and again")
  }
}

@Test func `a cross entropy of many rows has the bits of its rows, added in order`() {
  var dice = Dice(state: 44)
  for (rows, classes) in [(1300, 100), (700, 3)] {
    let x = Sample(random: [rows, classes], .f64, &dice)
    let labels = (0..<rows).map { Double($0 * 7 % classes) }
    let each = (0..<rows).map { row in
      run(
        .crossEntropy(),
        [
          Sample([1, classes], .f64, Array(x.values[row * classes..<(row + 1) * classes])),
          Sample([1], .i32, [labels[row]]),
        ], into: [], .f64)[0]
    }
    let whole = run(.crossEntropy(), [x, Sample([rows], .i32, labels)], into: [], .f64)
    #expect(whole == [each.reduce(0, +) / Double(rows)])
    let slopes = run(
      .crossEntropyAdjoint(), [Sample([], .f64, [Double(rows)]), x, Sample([rows], .i32, labels)],
      into: [rows, classes], .f64)
    let apart = (0..<rows).flatMap { row in
      run(
        .crossEntropyAdjoint(),
        [
          Sample([], .f64, [1]),
          Sample([1, classes], .f64, Array(x.values[row * classes..<(row + 1) * classes])),
          Sample([1], .i32, [labels[row]]),
        ], into: [1, classes], .f64)
    }
    #expect(bits(slopes) == bits(apart))
  }
}
