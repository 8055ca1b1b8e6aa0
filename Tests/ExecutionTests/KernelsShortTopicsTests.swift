import GraphLab
import Graphs
import Tensors
import Testing

@testable import Execution

/// Norms, attention and recurrent cells, with samples of their operands: short floats, statistics
/// in f32.
private func topics(_ dtype: DType) -> [(operation: Graphs.Operation, operands: [Sample])] {
  var dice = Dice(state: 97)
  func short(_ shape: Shape) -> Sample { Sample(random: shape, dtype, &dice) }
  func wide(_ shape: Shape) -> Sample { Sample(random: shape, .f32, &dice) }
  var cases: [(operation: Graphs.Operation, operands: [Sample])] = []
  let x: Shape = [4, 70, 6]
  for (kind, statistics) in [(.batch, [6]), (.group(2), [4, 2]), (.rms, [4, 70])]
    as [(Normalization, Shape)]
  {
    let parameters = kind.parts.dropFirst().map { _ in short([6]) }
    cases.append((.normalize(kind, epsilon: 0.1), [short(x)] + parameters))
    let known = (0..<(kind.isCentred ? 2 : 1)).map { _ in wide(statistics) }
    cases.append(
      (.normalizeAdjoint(kind, kind.parts), [short(x), short(x), short([6])] + known))
  }
  for (mask, inside) in [(nil, false), (DType.bool, true), (dtype, true)] as [(DType?, Bool)] {
    let form = Attention(
      isCausal: mask == nil, scale: 0.5, isMasked: mask != nil, headsInside: inside)
    // Every query sees the first key.
    let hidden = mask.map { type in
      var sample = Sample(random: [70, 67], type, &dice)
      for row in 0..<70 { sample.values[row * 67] = 1 }
      return sample
    }
    let operands =
      [short([2, 70, 5]), short([2, 67, 5]), short([2, 67, 3])] + (hidden.map { [$0] } ?? [])
    cases.append((.attention(form), operands))
    let value: Shape = inside ? [70, 2, 3] : [2, 70, 3]
    let delta: Shape = inside ? [70, 2] : [2, 70]
    cases.append(
      (
        .attentionAdjoint(form, AttentionPart.allCases),
        [short(value)] + operands + [wide([2, 70]), wide(delta)]
      ))
  }
  cases += [
    (.cell(.gru), [short([70, 9]), short([70, 9]), short([70, 3])]),
    (.cellAdjoint(.gru), [short([70, 3]), short([70, 12]), short([70, 3])]),
    (.cell(.lstm), [short([70, 12]), short([70, 3])]),
    (.cellAdjoint(.lstm), [short([70, 3]), short([70, 3]), short([70, 12]), short([70, 3])]),
  ]
  return cases
}

@Suite struct ShortTopicsTests {
  @Test(arguments: [DType.f16, .bf16])
  func `what is short is rounded once, and statistics are f32`(dtype: DType) throws {
    for (operation, operands) in topics(dtype) {
      let types = try operation.resultTypes(
        ofTypes: operands.map { TensorType($0.shape, $0.dtype) })
      let found = run(operation, operands, into: types)
      let wide = run(
        operation, operands.map { Sample($0.shape, $0.dtype.computed, $0.values) },
        into: types.map { TensorType($0.shape, $0.dtype.computed) })
      let expected = zip(types, wide).map { type, values in
        bits(values.map(type.dtype.nearest))
      }
      #expect(found.map(bits) == expected, "\(operation) on \(dtype)")
    }
  }

  @Test func `statistics of short floats are f32`() throws {
    let x = TensorType([4, 6], .bf16)
    let size = TensorType([6], .bf16)
    #expect(
      try Graphs.Operation.normalize(.batch, epsilon: 0.1).resultTypes(ofTypes: [x, size, size])
        == [x] + Array(repeating: TensorType([6], .f32), count: 3))
    let form = Attention(isCausal: false, scale: 1, isMasked: false)
    #expect(
      try Graphs.Operation.attention(form).resultTypes(ofTypes: [x, x, x])
        == [x, TensorType([4], .f32)])
  }

  /// A transpose of short floats is copied before attention, which reads wide floats where they
  /// lie.
  @Test func `attention to short floats reads no views`() throws {
    for (dtype, copies) in [(DType.f32, 0), (.bf16, 1)] {
      var builder = GraphBuilder()
      let x = builder.input(Input(kind: .data, shape: [5, 2, 4], dtype: dtype, name: "x"))
      let view = try #require(builder.view(.permute([1, 0, 2]), [x]))
      let form = Attention(isCausal: true, scale: 1, isMasked: false)
      let value = try builder.emit(.attention(form), [view, view, view])
      builder.setResult(
        try builder.emit(.reduce(.sum, axes: [0, 1, 2], keepDims: false), [value]))
      let graph = builder.finished()
      let permutes = graph.nodes.filter {
        if case .permute = $0.operation { true } else { false }
      }
      // One copy serves all three operands.
      #expect(permutes.count == copies)
    }
  }
}
