import Graphs
import Tensors

/// The adjoint rules of normalisations.
extension Differentiator {
  /// The rule of layer normalisation.
  mutating func differentiateLayerNorm(
    _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    try differentiate(
      node, adjoints: adjoints,
      Norm(
        nil, x: node.operands[0], gain: node.operands[1],
        mean: builder.graph.value(index, result: 1), scale: builder.graph.value(index, result: 2)))
  }

  /// The rule of the other normalisations.
  mutating func differentiate(
    _ kind: Normalization, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    // A norm without means has no adjoint of one.
    let adjoints = kind.isCentred ? adjoints : [adjoints[0], nil] + adjoints.dropFirst()
    try differentiate(
      node, adjoints: adjoints,
      Norm(
        kind, x: node.operands[0], gain: node.operands[1],
        mean: kind.isCentred ? builder.graph.value(index, result: 1) : nil,
        scale: builder.graph.value(index, result: kind.isCentred ? 2 : 1)))
  }

  /// What the rules share: what they read of a normalisation.
  private struct Norm {
    /// `nil` for that of rows.
    let kind: Normalization?
    let x: Operand, gain: Operand
    /// `nil` where x is scaled and not centred.
    let mean: Operand?, scale: Operand
    /// A shape in which x's elements are read, and the one in which statistics broadcast to it.
    let wide: Shape, kept: Shape
    /// The shape in which the gain broadcasts to it.
    let weights: Shape

    init(_ kind: Normalization?, x: Operand, gain: Operand, mean: Operand?, scale: Operand) {
      (self.kind, self.x, self.gain, self.mean, self.scale) = (kind, x, gain, mean, scale)
      (wide, kept, weights) =
        kind?.unfolded(x.shape)
        ?? (
          x.shape, x.shape.reduced([x.shape.rank - 1], keepDims: true),
          Shape(Array(x.shape.axes.suffix(1)))
        )
    }

    /// Elements that a mean is taken of.
    var count: Double { Double(wide.count / max(kept.count, 1)) }

    /// The operands that have an adjoint, in their order.
    var parts: [NormalizationPart] { kind?.parts ?? NormalizationPart.allCases }

    /// True where the adjoint takes the mean, and does not find it again: that of rows of short
    /// floats does.
    var readsMean: Bool { kind != nil || !x.dtype.isShort }

    /// The operation that gives the adjoints of some parts.
    func adjoint(_ parts: [NormalizationPart]) -> Operation {
      kind.map { .normalizeAdjoint($0, parts) } ?? .layerNormAdjoint(parts)
    }
  }

  /// The rule reads x, the gain and the statistics, and neither the value nor the offset. What
  /// flows back through the statistics themselves (mean, scale, variance), where a block reads
  /// them, is written in plain operations.
  private mutating func differentiate(
    _ node: Node, adjoints: [Operand?], _ norm: Norm
  ) throws(GradientError) {
    if let adjoint = adjoints[0] {
      let parts = norm.parts.enumerated().filter { wants($0.offset, of: node) }
      let mean = norm.readsMean ? norm.mean.map { [$0] } ?? [] : []
      let read = [norm.x, norm.gain] + mean
      let contributions = try emitAll(
        norm.adjoint(parts.map(\.element)), [adjoint] + read + [norm.scale])
      for (part, contribution) in zip(parts, contributions) {
        try contribute(contribution, to: node.operands[part.offset])
      }
    }
    guard wants(0, of: node) else { return }
    if let adjoint = adjoints[1] {
      let share = try divided(adjoint.reshaped(norm.kept), by: norm.count)
      try contribute(try spread(share, to: norm.wide), to: norm.x)
    }
    if let adjoint = adjoints[2] {
      // d scale / dx = −scale³ · (x − mean) / count
      let cube = try emit(.scalar(.power, 3, numberFirst: false), [norm.scale.reshaped(norm.kept)])
      let slope = try divided(try product(adjoint.reshaped(norm.kept), cube), by: -norm.count)
      try contribute(try product(slope, try centred(norm)), to: norm.x)
    }
    if adjoints.count > 3, let adjoint = adjoints[3] {
      // d variance / dx = 2 · (x − mean) / count
      let slope = try divided(adjoint.reshaped(norm.kept), by: norm.count / 2)
      try contribute(try product(slope, try centred(norm)), to: norm.x)
    }
  }

  /// x − mean, in the wide shape and the type of the statistics.
  private mutating func centred(_ norm: Norm) throws(GradientError) -> Operand {
    let x = try cast(norm.x.reshaped(norm.wide), to: norm.scale.dtype)
    guard let mean = norm.mean else { return x }
    return try minus(x, mean.reshaped(norm.kept))
  }

  /// What `layerNormAdjoint` (`kind` nil) and `normalizeAdjoint` give, of their operands g, x, the
  /// gain, the mean where they take one, and the scale.
  ///
  /// With n = (x − mean) · scale and h = g · gain: dx = scale · (h − average h − n · average (h ·
  /// n)), without the first average where nothing is centred. Mean and scale stand still: what
  /// flows through them is the rule of their own adjoints.
  mutating func normFormula(
    _ kind: Normalization?, _ parts: [NormalizationPart], _ operands: [Operand]
  ) throws(GradientError) -> [Operand] {
    let scale = operands[operands.count - 1]
    var mean = operands.count > 4 ? operands[3] : nil
    if kind == nil, mean == nil {
      let x = try cast(operands[1], to: scale.dtype)
      mean = try emit(.reduce(.average, axes: [x.shape.rank - 1], keepDims: false), [x])
    }
    let norm = Norm(kind, x: operands[1], gain: operands[2], mean: mean, scale: scale)
    return try normFormula(norm, parts, adjoint: operands[0])
  }

  private mutating func normFormula(
    _ norm: Norm, _ parts: [NormalizationPart], adjoint: Operand
  ) throws(GradientError) -> [Operand] {
    let scale = norm.scale.reshaped(norm.kept)
    // Everything in the type of the statistics.
    let g = try cast(adjoint.reshaped(norm.wide), to: scale.dtype)
    let weights = try cast(norm.gain.reshaped(norm.weights), to: scale.dtype)
    let normal = try times(try centred(norm), scale)
    let along = norm.wide.axes.indices.filter { norm.kept[$0] == 1 }
    let average = Operation.reduce(.average, axes: along, keepDims: true)
    var results: [Operand] = []
    for part in parts {
      switch part {
      case .x:
        let scaled = try times(g, weights)
        let tilt = try emit(average, [try times(scaled, normal)])
        let rest = norm.mean == nil ? scaled : try minus(scaled, try emit(average, [scaled]))
        let tangent = try minus(rest, try times(normal, tilt))
        results.append(try times(tangent, scale).reshaped(norm.x.shape))
      case .gain:
        let sum = try collected(try times(g, normal), to: weights.shape)
        results.append(sum.reshaped(norm.gain.shape))
      case .offset:
        results.append(try collected(g, to: weights.shape).reshaped(norm.gain.shape))
      }
    }
    return results
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
