import Graphs
import Tensors

/// Second derivatives of operations whose adjoint operation has no rule of its own: what it gives
/// is computed again in plain operations, and these are differentiated in its place. They stand in
/// the backward pass that differentiates it, so that nothing of them is kept from the forward pass.
extension Differentiator {
  /// Differentiates an adjoint operation through its formula. `adjoints` has one entry a result,
  /// `nil` where none has come.
  mutating func differentiateByFormula(
    _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let first = builder.graph.nodes.count
    let results = try formula(of: builder.graph.nodes[index])
    let nodes = first..<builder.graph.nodes.count
    followWants(through: nodes)
    for (result, adjoint) in zip(results, adjoints) {
      if let adjoint, wants(result) { try contribute(adjoint, to: result) }
    }
    try sweep(nodes)
  }

  /// The results of an adjoint operation, in plain operations, and in the type that it computes in.
  private mutating func formula(of node: Node) throws(GradientError) -> [Operand] {
    switch node.operation {
    case .pairLossAdjoint(let loss):
      return [try pairLossFormula(loss, node.operands)]
    case .linearCrossEntropyAdjoint(let parts, let labels, pieces: _):
      return try linearCrossEntropyFormula(parts, labels, node.operands)
    case .layerNormAdjoint(let parts):
      return try normFormula(nil, parts, node.operands)
    case .normalizeAdjoint(let kind, let parts):
      return try normFormula(kind, parts, node.operands)
    case .attentionAdjoint(let form, let parts):
      return try attentionFormula(form, parts, node.operands)
    case .cellAdjoint(.gru): return try gruFormula(node.operands)
    case .cellAdjoint(.lstm): return try lstmFormula(node.operands)
    default:
      throw .noSecondAdjoint(String(node.operation.name.dropLast("_adjoint".count)), node.place)
    }
  }

  /// a · b, broadcast.
  mutating func times(_ a: Operand, _ b: Operand) throws(GradientError) -> Operand {
    try emit(.binary(.multiply), [a, b])
  }

  /// a + b, broadcast.
  mutating func plus(_ a: Operand, _ b: Operand) throws(GradientError) -> Operand {
    try emit(.binary(.add), [a, b])
  }

  /// a − b, broadcast.
  mutating func minus(_ a: Operand, _ b: Operand) throws(GradientError) -> Operand {
    try emit(.binary(.subtract), [a, b])
  }

  /// s · (1 − s), the slope of a sigmoid whose value is s.
  mutating func bend(_ s: Operand) throws(GradientError) -> Operand {
    try times(s, try oneLess(s))
  }

  /// The value cut along its last axis into so many equal parts.
  mutating func parts(_ operand: Operand, count: Int) throws(GradientError) -> [Operand] {
    let axis = operand.shape.rank - 1
    let size = operand.shape[axis] / count
    var parts: [Operand] = []
    for number in 0..<count {
      let slices = operand.shape.axes.enumerated().map { place, length in
        place == axis
          ? AxisSlice(start: number * size, count: size) : AxisSlice(start: 0, count: length)
      }
      parts.append(try emit(.slice(slices), [operand]))
    }
    return parts
  }

  /// Values laid one after the other along their last axis.
  mutating func joined(_ parts: [Operand]) throws(GradientError) -> Operand {
    try emit(.concat(axis: parts[0].shape.rank - 1), parts)
  }

  /// A product of matrices, either read transposed in its last two axes.
  mutating func matrices(
    _ a: Operand, _ b: Operand, transposeLeft: Bool = false, transposeRight: Bool = false
  ) throws(GradientError) -> Operand {
    try emit(.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), [a, b])
  }
}
