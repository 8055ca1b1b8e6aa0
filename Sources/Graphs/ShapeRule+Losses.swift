import Tensors

/// The types of what losses make.
extension ShapeRule {
  /// A scalar from logits [n…, classes] and labels i32 [n…]; the smoothing is from 0 to 1.
  func crossEntropy(_ labels: LabelRule) throws(ShapeError) -> TensorType {
    try smoothing(labels)
    return try crossEntropy()
  }

  /// The logits' own, from a scalar g, logits and labels.
  func crossEntropyAdjoint(_ labels: LabelRule) throws(ShapeError) -> TensorType {
    try smoothing(labels)
    return try crossEntropyAdjoint()
  }

  /// A scalar, and a number a row, from x [n…, size], weights [size, classes] and labels i32 [n…].
  func linearCrossEntropy(
    _ labels: LabelRule, pieces: Int
  ) throws(ShapeError) -> [TensorType] {
    try takes(3)
    try scores(x: 0, labels, pieces: pieces)
    guard types[2].shape.count > 0 else { throw failure(.rows) }
    return [TensorType(.scalar, types[0].dtype), TensorType(types[2].shape, types[0].dtype)]
  }

  /// For each part the type of the operand it is the adjoint of, from a scalar g, x, weights,
  /// labels and a number a row.
  func linearCrossEntropyAdjoint(
    _ parts: [ProductPart], _ labels: LabelRule, pieces: Int
  ) throws(ShapeError) -> [TensorType] {
    try takes(5)
    try scores(x: 1, labels, pieces: pieces)
    for (position, shape) in [(0, .scalar), (4, types[3].shape)] as [(Int, Shape)] {
      try type(position, is: types[1].dtype)
      try same(types[position].shape, shape)
    }
    guard !parts.isEmpty, parts == ProductPart.allCases.filter(parts.contains) else {
      throw failure(.productParts)
    }
    return parts.map { $0 == .x ? types[1] : types[2] }
  }

  /// That operands from `x` on are rows, weights and labels.
  private func scores(x: Int, _ labels: LabelRule, pieces: Int) throws(ShapeError) {
    try smoothing(labels)
    try floating(x)
    let (rows, weights) = (types[x].shape, types[x + 1].shape)
    try type(x + 1, is: types[x].dtype)
    try integer(x + 2)
    guard rows.rank >= 1 else { throw failure(.leastRank(1)) }
    guard weights.rank == 2 else {
      throw failure(.mismatch(axis: nil, left: 2, right: weights.rank))
    }
    guard rows[rows.rank - 1] == weights[0] else {
      throw failure(
        .mismatch(axis: rows.rank - 1, left: rows[rows.rank - 1], right: weights[0]))
    }
    guard weights[1] > 0 else { throw failure(.classes(found: 0)) }
    guard pieces >= 1 else { throw failure(.pieces(pieces)) }
    let lead = Shape(Array(rows.axes.dropLast()))
    guard types[x + 2].shape == lead else { throw failure(.labels(lead)) }
  }

  private func smoothing(_ labels: LabelRule) throws(ShapeError) {
    guard labels.smoothing >= 0, labels.smoothing <= 1 else {
      throw failure(.smoothing(labels.smoothing))
    }
  }

  /// A scalar, from two floating operands alike, which have elements.
  func pairLoss() throws(ShapeError) -> TensorType {
    let type = try floatingPair()
    guard type.shape.count > 0 else { throw failure(.rows) }
    return TensorType(.scalar, type.dtype)
  }

  /// That of the pair, from a scalar g and two operands alike.
  func pairLossAdjoint() throws(ShapeError) -> TensorType {
    try takes(3)
    try floating(0)
    try same(types[0].shape, .scalar)
    try type(1, is: types[0].dtype)
    try alike(1, 2)
    return types[1]
  }
}
