import Tensors

/// The types of what attention makes.
extension ShapeRule {
  /// The value [lead…, queries, columns] and the logarithm of each query's sum [lead…, queries],
  /// from q [lead…, queries, width], k [lead…, keys, width], v [lead…, keys, columns] and a mask
  /// that broadcasts to [lead…, queries, keys]. The logarithms are f32 for short floats.
  func attention(_ form: Attention) throws(ShapeError) -> [TensorType] {
    try takes(form.isMasked ? 4 : 3)
    let sums = try heads(form, from: 0)
    let value = form.queries(inValue: sums.shape.axes) + types[2].shape.axes.suffix(1)
    return [TensorType(try shape(value), types[0].dtype), sums]
  }

  /// For each part the type of the operand it is the adjoint of, from g like the value, q, k, v, a
  /// mask, and two numbers a query: the logarithm of its sum, and Σ g · value.
  func attentionAdjoint(
    _ form: Attention, _ parts: [AttentionPart]
  ) throws(ShapeError) -> [TensorType] {
    try takes(form.isMasked ? 7 : 6)
    let sums = try heads(form, from: 1)
    try type(0, is: types[1].dtype)
    let queries = form.queries(inValue: sums.shape.axes)
    try same(types[0].shape, try shape(queries + types[3].shape.axes.suffix(1)))
    let last = types.count - 1
    for position in [last - 1, last] { try type(position, is: sums.dtype) }
    try same(types[last - 1].shape, sums.shape)
    try same(types[last].shape, try shape(queries))
    guard !parts.isEmpty, parts == AttentionPart.allCases.filter(parts.contains) else {
      throw failure(.attentionParts)
    }
    return parts.map { part in
      switch part {
      case .q: types[1]
      case .k: types[2]
      case .v: types[3]
      }
    }
  }

  /// That q, k, v and a mask, from one position on, fit; the type of one number a query.
  private func heads(_ form: Attention, from first: Int) throws(ShapeError) -> TensorType {
    guard form.scale.isFinite else { throw failure(.finiteScale(form.scale)) }
    try floating(first)
    let (q, k, v) = (types[first], types[first + 1], types[first + 2])
    for position in (first + 1)...(first + 2) { try type(position, is: q.dtype) }
    for type in [q, k, v] where type.shape.rank < 2 { throw failure(.leastRank(2)) }
    if form.headsInside, q.shape.rank < 3 { throw failure(.leastRank(3)) }
    let rank = q.shape.rank
    for other in [k, v] {
      guard other.shape.rank == rank else {
        throw failure(.mismatch(axis: nil, left: rank, right: other.shape.rank))
      }
      for axis in 0..<(rank - 2) where q.shape[axis] != other.shape[axis] {
        throw failure(.mismatch(axis: axis, left: q.shape[axis], right: other.shape[axis]))
      }
    }
    guard q.shape[rank - 1] == k.shape[rank - 1] else {
      throw failure(
        .mismatch(axis: rank - 1, left: q.shape[rank - 1], right: k.shape[rank - 1]))
    }
    guard k.shape[rank - 2] == v.shape[rank - 2] else {
      throw failure(
        .mismatch(axis: rank - 2, left: k.shape[rank - 2], right: v.shape[rank - 2]))
    }
    guard k.shape[rank - 2] > 0 else { throw failure(.keys) }
    for last in [q, v] where last.shape[rank - 1] == 0 { throw failure(.entries(axis: rank - 1)) }
    let sums = Shape(Array(q.shape.axes.dropLast()))
    if form.isMasked {
      let mask = types[first + 3]
      if mask.dtype != .bool { try type(first + 3, is: q.dtype) }
      let scores = try shape(sums.axes + [k.shape[rank - 2]])
      guard try broadcast(scores, mask.shape) == scores else {
        throw failure(.maskShape(scores))
      }
    }
    return TensorType(sums, q.dtype.computed)
  }
}
