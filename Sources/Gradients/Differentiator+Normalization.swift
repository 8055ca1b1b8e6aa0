import Graphs
import Tensors

/// The adjoint rule of layer normalisation.
extension Differentiator {
  /// The rule reads x, the gain and the statistics of the rows, and neither the value nor the
  /// offset. What flows back through the statistics themselves, where a block reads them, is
  /// written in plain operations.
  mutating func differentiateLayerNorm(
    _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    let (x, gain) = (node.operands[0], node.operands[1])
    let mean = builder.graph.value(index, result: 1)
    let scale = builder.graph.value(index, result: 2)
    if let adjoint = adjoints[0], isInner {
      try differentiateByFormula(node, mean: mean, scale: scale, adjoint: adjoint)
    } else if let adjoint = adjoints[0] {
      let parts = NormalizationPart.allCases.enumerated().filter { wants($0.offset, of: node) }
      let contributions = try emitAll(
        .layerNormAdjoint(parts.map(\.element)), [adjoint, x, gain, mean, scale])
      for (part, contribution) in zip(parts, contributions) {
        try contribute(contribution, to: node.operands[part.offset])
      }
    }
    guard wants(0, of: node), let size = x.shape.axes.last else { return }
    let kept = x.shape.reduced([x.shape.rank - 1], keepDims: true)
    if let adjoint = adjoints[1] {
      let share = try divided(adjoint.reshaped(kept), by: Double(size))
      try contribute(try spread(share, to: x.shape), to: x)
    }
    if let adjoint = adjoints[2] {
      // d scale / dx = −scale³ · (x − mean) / size
      let cube = try emit(.scalar(.power, 3, numberFirst: false), [scale.reshaped(kept)])
      let slope = try divided(try product(adjoint.reshaped(kept), cube), by: -Double(size))
      let centred = try emit(.binary(.subtract), [x, mean.reshaped(kept)])
      try contribute(try product(slope, centred), to: x)
    }
  }

  /// The same in plain operations, which have adjoints themselves. With n = (x − mean) · scale and
  /// h = g · gain: dx = scale · (h − average h − n · average (h · n)) while mean and scale stand
  /// still; what flows through them is the rule of their own adjoints.
  private mutating func differentiateByFormula(
    _ node: Node, mean: Operand, scale: Operand, adjoint: Operand
  ) throws(GradientError) {
    let (x, gain, offset) = (node.operands[0], node.operands[1], node.operands[2])
    let last = x.shape.rank - 1
    let kept = x.shape.reduced([last], keepDims: true)
    let centred = try emit(.binary(.subtract), [x, mean.reshaped(kept)])
    let normal = try emit(.binary(.multiply), [centred, scale.reshaped(kept)])
    if wants(1, of: node) {
      let part = try emit(.binary(.multiply), [adjoint.reshaped(x.shape), normal])
      try contribute(try collected(part, to: gain.shape), to: gain)
    }
    if wants(2, of: node) {
      try contribute(try collected(adjoint.reshaped(x.shape), to: offset.shape), to: offset)
    }
    guard wants(0, of: node) else { return }
    let scaled = try emit(.binary(.multiply), [adjoint.reshaped(x.shape), gain])
    let average = Operation.reduce(.average, axes: [last], keepDims: true)
    let along = try emit(average, [try emit(.binary(.multiply), [scaled, normal])])
    let rest = try emit(.binary(.subtract), [scaled, try emit(average, [scaled])])
    let tangent = try emit(
      .binary(.subtract), [rest, try emit(.binary(.multiply), [normal, along])])
    try contribute(try emit(.binary(.multiply), [tangent, scale.reshaped(kept)]), to: x)
  }
}
