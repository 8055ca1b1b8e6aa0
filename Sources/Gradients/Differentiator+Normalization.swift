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
    try contribute(
      NormalizationPart.allCases, of: node, adjoint: adjoints[0], reading: [x, gain, mean, scale]
    ) { .layerNormAdjoint($0) }
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
  /// The rule of the other normalisations: it reads x, the gain and the statistics. What flows back
  /// through the statistics themselves is written in plain operations.
  mutating func differentiate(
    _ kind: Normalization, _ index: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    let (x, gain) = (node.operands[0], node.operands[1])
    let mean = kind.isCentred ? builder.graph.value(index, result: 1) : nil
    let scale = builder.graph.value(index, result: kind.isCentred ? 2 : 1)
    try contribute(
      kind.parts, of: node, adjoint: adjoints[0],
      reading: [x, gain] + (mean.map { [$0] } ?? []) + [scale]
    ) { .normalizeAdjoint(kind, $0) }
    guard wants(0, of: node), adjoints.dropFirst().contains(where: { $0 != nil }) else { return }
    let (wide, kept) = kind.unfolded(x.shape)
    let count = Double(wide.count / max(kept.count, 1))
    if mean != nil, let adjoint = adjoints[1] {
      let share = try divided(adjoint.reshaped(kept), by: count)
      try contribute(try spread(share, to: wide), to: x)
    }
    var slopes: [Operand] = []
    if let adjoint = adjoints[kind.isCentred ? 2 : 1] {
      // d scale / dx = −scale³ · (x − mean) / count
      let cube = try emit(.scalar(.power, 3, numberFirst: false), [scale.reshaped(kept)])
      slopes.append(try divided(try product(adjoint.reshaped(kept), cube), by: -count))
    }
    if adjoints.count > 3, let adjoint = adjoints[3] {
      // d variance / dx = 2 · (x − mean) / count
      slopes.append(try divided(adjoint.reshaped(kept), by: count / 2))
    }
    let rows = x.reshaped(wide)
    for slope in slopes {
      let centred = try mean.map { (mean) throws(GradientError) in
        try emit(.binary(.subtract), [rows, mean.reshaped(kept)])
      }
      try contribute(try product(slope, centred ?? rows), to: x)
    }
  }

  /// The adjoints of those parts of a normalisation that are wanted, by one operation on the adjoint
  /// of its value, if one has come, and on what the rule reads.
  private mutating func contribute(
    _ all: [NormalizationPart], of node: Node, adjoint: Operand?, reading operands: [Operand],
    _ operation: ([NormalizationPart]) -> Operation
  ) throws(GradientError) {
    guard let adjoint else { return }
    let parts = all.enumerated().filter { wants($0.offset, of: node) }
    let contributions = try emitAll(operation(parts.map(\.element)), [adjoint] + operands)
    for (part, contribution) in zip(parts, contributions) {
      try contribute(contribution, to: node.operands[part.offset])
    }
  }
}

extension Normalization {
  /// A shape in which x's elements are read, and the one in which its statistics broadcast to it.
  fileprivate func unfolded(_ x: Shape) -> (wide: Shape, kept: Shape) {
    let last = x.axes.last ?? 1
    switch self {
    case .batch: return ([x.count / max(last, 1), last], [1, last])
    case .group(let groups):
      let positions = x.axes[1..<(x.rank - 1)].reduce(1, *)
      return ([x[0], positions, groups, last / groups], [x[0], 1, groups, 1])
    case .rms: return ([x.count / max(last, 1), last], [x.count / max(last, 1), 1])
    }
  }
}
