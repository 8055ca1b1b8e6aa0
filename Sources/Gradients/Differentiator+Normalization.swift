import Graphs
import Tensors

/// The adjoint rules of normalisations.
extension Differentiator {
  /// The rule of layer normalisation.
  mutating func differentiateLayerNorm(
    _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let x = builder.graph.nodes[index].operands[0].shape
    try differentiate(
      Norm(
        node: builder.graph.nodes[index], parts: NormalizationPart.allCases,
        mean: builder.graph.value(index, result: 1),
        readsMean: !builder.graph.nodes[index].dtype.isShort,
        scale: builder.graph.value(index, result: 2),
        wide: x, kept: x.reduced([x.rank - 1], keepDims: true),
        weights: Shape(Array(x.axes.suffix(1))),
        adjoint: { .layerNormAdjoint($0) }), adjoints: adjoints)
  }

  /// The rule of the other normalisations.
  mutating func differentiate(
    _ kind: Normalization, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    let (wide, kept, weights) = kind.unfolded(node.operands[0].shape)
    // A norm without means has no adjoint of one.
    let adjoints = kind.isCentred ? adjoints : [adjoints[0], nil] + adjoints.dropFirst()
    try differentiate(
      Norm(
        node: node, parts: kind.parts,
        mean: kind.isCentred ? builder.graph.value(index, result: 1) : nil,
        readsMean: kind.isCentred,
        scale: builder.graph.value(index, result: kind.isCentred ? 2 : 1), wide: wide, kept: kept,
        weights: weights, adjoint: { .normalizeAdjoint(kind, $0) }), adjoints: adjoints)
  }

  /// What the rules share: a normalisation, and what they read of it.
  private struct Norm {
    let node: Node
    let parts: [NormalizationPart]
    /// `nil` where x is scaled and not centred.
    let mean: Operand?
    /// True where the adjoint takes the mean, and does not find it again.
    let readsMean: Bool
    let scale: Operand
    /// A shape in which x's elements are read, and the one in which statistics broadcast to it.
    let wide: Shape, kept: Shape
    /// The shape in which the gain broadcasts to it.
    let weights: Shape
    /// The operation that gives the adjoints of some parts.
    let adjoint: ([NormalizationPart]) -> Operation

    /// Elements that a mean is taken of.
    var count: Double { Double(wide.count / max(kept.count, 1)) }
  }

  /// The rule reads x, the gain and the statistics, and neither the value nor the offset. What
  /// flows back through the statistics themselves (mean, scale, variance), where a block reads
  /// them, is written in plain operations.
  private mutating func differentiate(
    _ norm: Norm, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = norm.node
    if let adjoint = adjoints[0], isInner {
      try differentiateByFormula(norm, adjoint: adjoint)
    } else if let adjoint = adjoints[0] {
      let parts = norm.parts.enumerated().filter { wants($0.offset, of: node) }
      let mean = norm.readsMean ? norm.mean.map { [$0] } ?? [] : []
      let read = [node.operands[0], node.operands[1]] + mean
      let contributions = try emitAll(
        norm.adjoint(parts.map(\.element)), [adjoint] + read + [norm.scale])
      for (part, contribution) in zip(parts, contributions) {
        try contribute(contribution, to: node.operands[part.offset])
      }
    }
    guard wants(0, of: node) else { return }
    if let adjoint = adjoints[1] {
      let share = try divided(adjoint.reshaped(norm.kept), by: norm.count)
      try contribute(try spread(share, to: norm.wide), to: node.operands[0])
    }
    if let adjoint = adjoints[2] {
      // d scale / dx = −scale³ · (x − mean) / count
      let cube = try emit(.scalar(.power, 3, numberFirst: false), [norm.scale.reshaped(norm.kept)])
      let slope = try divided(try product(adjoint.reshaped(norm.kept), cube), by: -norm.count)
      try contribute(try product(slope, try centred(norm)), to: node.operands[0])
    }
    if adjoints.count > 3, let adjoint = adjoints[3] {
      // d variance / dx = 2 · (x − mean) / count
      let slope = try divided(adjoint.reshaped(norm.kept), by: norm.count / 2)
      try contribute(try product(slope, try centred(norm)), to: node.operands[0])
    }
  }

  /// x − mean, in the wide shape and the type of the statistics.
  private mutating func centred(_ norm: Norm) throws(GradientError) -> Operand {
    let x = try cast(norm.node.operands[0].reshaped(norm.wide), to: norm.scale.dtype)
    guard let mean = norm.mean else { return x }
    return try emit(.binary(.subtract), [x, mean.reshaped(norm.kept)])
  }

  /// The same in plain operations, which have adjoints themselves. With n = (x − mean) · scale and
  /// h = g · gain: dx = scale · (h − average h − n · average (h · n)) while mean and scale stand
  /// still, without the first average where nothing is centred; what flows through them is the rule
  /// of their own adjoints.
  private mutating func differentiateByFormula(
    _ norm: Norm, adjoint: Operand
  ) throws(GradientError) {
    let node = norm.node
    let (x, gain) = (node.operands[0], node.operands[1])
    let scale = norm.scale.reshaped(norm.kept)
    // Everything in the type of the statistics.
    let adjoint = try cast(adjoint.reshaped(norm.wide), to: scale.dtype)
    let weights = try cast(gain.reshaped(norm.weights), to: scale.dtype)
    let normal = try emit(.binary(.multiply), [try centred(norm), scale])
    if wants(1, of: node) {
      let part = try emit(.binary(.multiply), [adjoint, normal])
      try contribute(try collected(part, to: weights.shape).reshaped(gain.shape), to: gain)
    }
    if norm.parts.contains(.offset), wants(2, of: node) {
      let part = try collected(adjoint, to: weights.shape)
      try contribute(part.reshaped(gain.shape), to: node.operands[2])
    }
    guard wants(0, of: node) else { return }
    let scaled = try emit(.binary(.multiply), [adjoint, weights])
    let along = norm.wide.axes.indices.filter { norm.kept[$0] == 1 }
    let average = Operation.reduce(.average, axes: along, keepDims: true)
    let tilt = try emit(average, [try emit(.binary(.multiply), [scaled, normal])])
    var rest = scaled
    if norm.mean != nil {
      rest = try emit(.binary(.subtract), [scaled, try emit(average, [scaled])])
    }
    let tangent = try emit(
      .binary(.subtract), [rest, try emit(.binary(.multiply), [normal, tilt])])
    try contribute(try emit(.binary(.multiply), [tangent, scale]), to: x)
  }
}

extension Normalization {
  /// A shape in which x's elements are read, and those in which its statistics and its gain
  /// broadcast to it.
  fileprivate func unfolded(_ x: Shape) -> (wide: Shape, kept: Shape, weights: Shape) {
    let last = x.axes.last ?? 1
    switch self {
    case .batch: return ([x.count / max(last, 1), last], [1, last], [last])
    case .group(let groups):
      let positions = x.axes[1..<(x.rank - 1)].reduce(1, *)
      return (
        [x[0], positions, groups, last / groups], [x[0], 1, groups, 1], [groups, last / groups]
      )
    case .rms: return ([x.count / max(last, 1), last], [x.count / max(last, 1), 1], [last])
    }
  }
}
