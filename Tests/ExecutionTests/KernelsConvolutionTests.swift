import GraphLab
import Graphs
import Tensors
import Testing

@testable import Execution

/// Images, weights, and how the window slides.
private struct ConvolutionCase: Sendable {
  let x: Shape, w: Shape
  let convolution: Convolution

  init(
    _ x: Shape, _ w: Shape, _ height: Sliding = Sliding(), _ width: Sliding? = nil, groups: Int = 1
  ) {
    (self.x, self.w) = (x, w)
    convolution = Convolution(height: height, width: width ?? height, groups: groups)
  }

  var y: Shape {
    [
      x[0], convolution.height.windows(of: w[0], in: x[1]) ?? 0,
      convolution.width.windows(of: w[1], in: x[2]) ?? 0, w[3],
    ]
  }

  /// The operation that makes each of the three, its operands among x, w and y, and its shape.
  var operations: [(Operation, [KeyPath<Values, Sample>], Shape)] {
    [
      (.conv2d(convolution), [\.x, \.w], y),
      (.conv2dTranspose(convolution, height: x[1], width: x[2]), [\.y, \.w], x),
      (.conv2dWeights(convolution, height: w[0], width: w[1]), [\.x, \.y], w),
    ]
  }

  struct Values {
    let x: Sample, w: Sample, y: Sample
  }

  func values(_ dtype: DType, _ dice: inout Dice) -> Values {
    Values(
      x: Sample(random: x, dtype, &dice, within: 1), w: Sample(random: w, dtype, &dice, within: 1),
      y: Sample(random: y, dtype, &dice, within: 1))
  }

  /// x, w and y by the definition, each from the other two.
  func references(_ values: Values) -> [[Double]] {
    var (x, w, y) = (
      [Double](repeating: 0, count: self.x.count), [Double](repeating: 0, count: self.w.count),
      [Double](repeating: 0, count: self.y.count)
    )
    forEachTerm(of: convolution, x: self.x, w: self.w, y: self.y) { i, j, k in
      y[k] += values.x.values[i] * values.w.values[j]
      x[i] += values.y.values[k] * values.w.values[j]
      w[j] += values.x.values[i] * values.y.values[k]
    }
    return [y, x, w]
  }
}

private func sliding(_ stride: Int, _ padding: Int, dilation: Int = 1) -> Sliding {
  Sliding(stride: stride, dilation: dilation, padding: padding)
}

/// Windows of all kinds: none around the image, more than are needed, larger steps than windows,
/// gaps, few and many channels, groups, and lengths around those of vectors and tiles.
private let cases: [ConvolutionCase] = [
  ConvolutionCase([1, 1, 1, 1], [1, 1, 1, 1]),
  ConvolutionCase([2, 3, 5, 7], [1, 1, 7, 5]),
  ConvolutionCase([2, 5, 6, 3], [3, 3, 3, 4]),
  ConvolutionCase([3, 7, 9, 4], [3, 3, 4, 33], sliding(1, 1)),
  ConvolutionCase([1, 13, 29, 5], [3, 3, 5, 16], sliding(1, 1)),
  ConvolutionCase([2, 4, 4, 32], [3, 3, 32, 32], sliding(1, 1)),
  ConvolutionCase([1, 6, 5, 40], [3, 3, 40, 17], sliding(1, 1)),
  ConvolutionCase([2, 5, 5, 2], [2, 4, 2, 3], sliding(1, 3), sliding(1, 2)),
  ConvolutionCase([1, 9, 8, 3], [3, 3, 3, 8], sliding(2, 1)),
  ConvolutionCase([1, 9, 8, 3], [2, 2, 3, 8], sliding(2, 0)),
  ConvolutionCase([2, 11, 10, 2], [2, 3, 2, 5], sliding(5, 0), sliding(4, 2)),
  ConvolutionCase(
    [1, 10, 11, 3], [3, 2, 3, 6], sliding(1, 2, dilation: 2), sliding(2, 1, dilation: 3)),
  ConvolutionCase([1, 7, 7, 2], [3, 3, 2, 4], Sliding(before: 0, after: 2), Sliding(before: 3)),
  ConvolutionCase([2, 5, 6, 8], [3, 3, 4, 6], sliding(1, 1), groups: 2),
  ConvolutionCase([2, 5, 6, 40], [3, 3, 20, 64], sliding(2, 1), groups: 2),
  ConvolutionCase([2, 6, 7, 5], [3, 3, 1, 5], sliding(1, 1), groups: 5),
  ConvolutionCase([1, 6, 7, 37], [3, 3, 1, 37], sliding(2, 1), groups: 37),
  ConvolutionCase([1, 4, 5, 6], [3, 2, 2, 9], sliding(1, 1), groups: 3),
  ConvolutionCase([1, 4, 5, 4], [3, 3, 1, 12], sliding(1, 1), groups: 4),
  ConvolutionCase([1, 3, 40, 3], [7, 7, 3, 9], sliding(1, 3)),
  ConvolutionCase([19, 2, 2, 3], [3, 3, 3, 3], sliding(1, 1)),
  ConvolutionCase([1, 2, 2, 200], [3, 3, 200, 9], sliding(1, 1)),
]

@Test(arguments: cases.indices)
private func `convolutions and their adjoints are what the definition says`(index: Int) {
  var dice = Dice(state: UInt64(90 + index))
  for dtype in [DType.f32, .f64] {
    let values = cases[index].values(dtype, &dice)
    for ((operation, operands, shape), reference) in zip(
      cases[index].operations, cases[index].references(values))
    {
      let found = run(operation, operands.map { values[keyPath: $0] }, into: shape, dtype)
      expectClose(found, reference, dtype, times: 60)
    }
  }
}

extension ConvolutionCase {
  /// One sum of the definition, by the place in the result: of y, x or w, as `operations` has them.
  func element(_ result: Int, at flat: Int, _ values: Values) -> Double {
    let shape = operations[result].2
    let place = shape.strides.indices.map { flat / shape.strides[$0] % shape[$0] }
    let outputs = w[3] / convolution.groups
    var sum = 0.0
    /// Adds the product of two of x, w and y, where window (row, column) reads (i, j) in x.
    func add(_ n: Int, _ row: Int, _ column: Int, _ i: Int, _ j: Int, _ input: Int, _ output: Int) {
      let (height, width) = (convolution.height, convolution.width)
      let down = row * height.stride + i * height.dilation - height.before
      let across = column * width.stride + j * width.dilation - width.before
      guard (0..<x[1]).contains(down), (0..<x[2]).contains(across) else { return }
      let channel = output / outputs * w[2] + input
      let (inX, inY) = (
        ((n * x[1] + down) * x[2] + across) * x[3] + channel,
        ((n * y[1] + row) * y[2] + column) * y[3] + output
      )
      let inW = ((i * w[1] + j) * w[2] + input) * w[3] + output
      guard [inY, inX, inW][result] == flat else { return }
      let factors = [values.y.values[inY], values.x.values[inX], values.w.values[inW]]
      sum += factors[(result + 1) % 3] * factors[(result + 2) % 3]
    }
    for i in result == 2 ? place[0]..<place[0] + 1 : 0..<w[0] {
      for j in result == 2 ? place[1]..<place[1] + 1 : 0..<w[1] {
        switch result {
        case 0:
          for input in 0..<w[2] { add(place[0], place[1], place[2], i, j, input, place[3]) }
        case 1:
          let row = place[1] + convolution.height.before - i * convolution.height.dilation
          let column = place[2] + convolution.width.before - j * convolution.width.dilation
          let (down, across) = (convolution.height.stride, convolution.width.stride)
          guard row >= 0, column >= 0, row / down < y[1], column / across < y[2] else { continue }
          let (group, input) = place[3].quotientAndRemainder(dividingBy: w[2])
          for output in group * outputs..<(group + 1) * outputs {
            add(place[0], row / down, column / across, i, j, input, output)
          }
        default:
          for n in 0..<y[0] {
            for row in 0..<y[1] {
              for column in 0..<y[2] { add(n, row, column, i, j, place[2], place[3]) }
            }
          }
        }
      }
    }
    return sum
  }
}

/// Work for several lanes, pieces of images, rows and columns, and sums that are added up.
private let large: [ConvolutionCase] = [
  ConvolutionCase([20, 6, 7, 12], [3, 3, 12, 24], sliding(1, 1)),
  ConvolutionCase([1, 9, 400, 60], [3, 3, 60, 2], sliding(1, 1)),
  ConvolutionCase([33, 12, 12, 12], [3, 3, 12, 24], sliding(2, 1)),
  ConvolutionCase([60, 8, 8, 64], [3, 3, 1, 64], sliding(1, 1), groups: 64),
  ConvolutionCase([2, 5, 5, 160], [3, 3, 160, 64], sliding(1, 1)),
]

/// Runs a case with several numbers of threads and every set of kernels: these are the process's,
/// so that it is for a process of its own.
private func expectSame(_ convolution: ConvolutionCase, seed: UInt64) {
  var dice = Dice(state: seed)
  let values = convolution.values(.f32, &dice)
  let set = KernelSet.current
  for (result, (operation, operands, shape)) in convolution.operations.enumerated() {
    let places = stride(from: 0, to: shape.count, by: shape.count / 50 + 1)
    let reference = places.map { convolution.element(result, at: $0, values) }
    var seen: [[UInt64]] = []
    for (threads, set) in [(1, set), (2, set), (7, set), (2, .avx2), (2, .plain)]
    where set.isRunnable {
      Crew.threads.store(threads, ordering: .relaxed)
      set.use()
      let found = run(operation, operands.map { values[keyPath: $0] }, into: shape, .f32)
      if seen.isEmpty { expectClose(places.map { found[$0] }, reference, .f32, times: 600) }
      seen.append(bits(found))
    }
    #expect(seen.allSatisfy { $0 == seen[0] }, "\(operation)")
  }
}

extension OwnProcessTests {
  @Test func `convolutions in pieces are right, and the same with all threads and kernels`() async {
    await #expect(processExitsWith: .success) {
      for (index, convolution) in large.enumerated() {
        expectSame(convolution, seed: UInt64(50 + index))
      }
    }
  }
}

@Test func `what a convolution needs beside its operands is bounded, and depends on shapes alone`()
{
  func scratch(_ x: Shape, _ w: Shape, padding: Int) -> [Int] {
    ConvolutionCase(x, w, sliding(1, padding)).operations.map { operation, operands, shape in
      let sizes: [KeyPath<ConvolutionCase.Values, Sample>: Shape] = [
        \.x: x, \.w: w, \.y: ConvolutionCase(x, w, sliding(1, padding)).y,
      ]
      return operation.scratchBytes(
        operands: operands.map { TensorType(sizes[$0] ?? [], .f32) },
        results: [TensorType(shape, .f32)])
    }
  }
  // No zeros around the image: nothing is copied, but weights with their axes exchanged.
  #expect(scratch([4, 8, 8, 16], [1, 1, 16, 16], padding: 0).prefix(2) == [0, 0])
  #expect(scratch([4, 8, 8, 16], [3, 3, 16, 16], padding: 0)[0] == 0)
  // The layers of a residual network, from the first to the last: less than what they make.
  for (x, w) in [
    ([32, 32, 32, 3], [3, 3, 3, 32]), ([32, 32, 32, 32], [3, 3, 32, 32]),
    ([32, 8, 8, 128], [3, 3, 128, 128]), ([32, 4, 4, 512], [3, 3, 512, 512]),
  ] as [(Shape, Shape)] {
    #expect(scratch(x, w, padding: 1).allSatisfy { $0 <= 5 << 20 }, "\(x)")
  }
  #expect(scratch([1, 2000, 2000, 64], [3, 3, 64, 64], padding: 1).allSatisfy { $0 <= 8 << 20 })
}

@Test func `a convolution that is asked to stop leaves its work undone`() throws {
  let (x, w): (Shape, Shape) = ([16, 32, 32, 32], [3, 3, 32, 32])
  let ledger = Ledger()
  let convolution = Convolution(height: sliding(1, 1), width: sliding(1, 1))
  let image = try Tensor(shape: x, dtype: .f32, account: .values, ledger: ledger) { _ in 1 }
  let weights = try Tensor(shape: w, dtype: .f32, account: .values, ledger: ledger) { _ in 1 }
  let context = RunContext()
  for (operation, operands) in [
    (Operation.conv2d(convolution), [image, weights]),
    (.conv2dTranspose(convolution, height: 32, width: 32), [image, weights]),
    (.conv2dWeights(convolution, height: 3, width: 3), [image, image]),
  ] {
    context.interruption.request()
    #expect(throws: ExecutionError.interrupted) {
      try Eager.apply(operation, to: operands, ledger: ledger, context: context)
    }
    context.interruption.clear()
    let live = ledger.liveTotal
    let found = try Eager.apply(operation, to: operands, ledger: ledger, context: context)[0]
    #expect(found.element(at: found.shape.count / 2) ?? .nan > 0)
    #expect(ledger.liveTotal - live == found.shape.byteCount(of: .f32))
  }
}
