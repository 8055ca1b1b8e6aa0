import Tensors

/// The types of what normalisations make; `layerNorm` is among the other operations.
extension ShapeRule {
  /// x's own and one type for all statistics, from x, gain and, where it is centred, an offset;
  /// epsilon is 0 or more.
  func normalize(_ kind: Normalization, epsilon: Double) throws(ShapeError) -> [TensorType] {
    try takes(kind.parts.count)
    guard epsilon >= 0 else { throw failure(.epsilon(epsilon)) }
    let statistics = try statistics(kind, x: 0, gain: 1)
    if kind.parts.contains(.offset) { try alike(1, 2) }
    return kind.resultNames.map { $0.isEmpty ? types[0] : statistics }
  }

  /// For each part the type of the operand it is the adjoint of, from g, x, gain, the mean where
  /// there is one, and the scale; each part stands once, in the order of the operands.
  func normalizeAdjoint(
    _ kind: Normalization, _ parts: [NormalizationPart]
  ) throws(ShapeError) -> [TensorType] {
    try takes(kind.isCentred ? 5 : 4)
    let statistics = try statistics(kind, x: 1, gain: 2)
    try alike(1, 0)
    for position in 3..<types.count {
      try type(position, is: statistics.dtype)
      try same(types[position].shape, statistics.shape)
    }
    guard !parts.isEmpty, parts == kind.parts.filter(parts.contains) else {
      throw failure(.normalizationParts)
    }
    return parts.map { $0 == .x ? types[1] : types[2] }
  }

  /// The type of each of the statistics of x, which has entries in each axis that they are taken
  /// over.
  private func statistics(
    _ kind: Normalization, x: Int, gain: Int
  ) throws(ShapeError) -> TensorType {
    let rows = try normalized(x, gain: gain)
    let axes = types[x].shape.axes
    switch kind {
    case .rms: return rows
    case .batch:
      guard axes.count >= 2 else { throw failure(.leastRank(2)) }
      guard rows.shape.count > 0 else { throw failure(.rows) }
      return TensorType([axes[axes.count - 1]], rows.dtype)
    case .group(let groups):
      guard axes.count >= 2 else { throw failure(.leastRank(2)) }
      let channels = axes[axes.count - 1]
      guard groups > 0, channels % groups == 0 else {
        throw failure(.channelGroups(groups, channels: channels))
      }
      if let empty = axes.dropFirst().firstIndex(of: 0) { throw failure(.entries(axis: empty)) }
      return TensorType(try shape([axes[0], groups]), rows.dtype)
    }
  }
}
