import Tensors

/// The types of what pooling, its adjoints and padding make.
extension ShapeRule {
  /// Images with a pixel for each window.
  func pool(_ pooling: Pooling) throws(ShapeError) -> TensorType {
    try takes(1)
    return try pooled(0, pooling)
  }

  /// x's own, from the adjoint g of what pooling makes of it, and x.
  func maxPoolAdjoint(_ pooling: Pooling) throws(ShapeError) -> TensorType {
    try takes(2)
    let made = try pooled(1, pooling)
    try type(0, is: made.dtype)
    try same(types[0].shape, made.shape)
    return types[1]
  }

  /// Images of this height and width, from the adjoint g of their averages.
  func averagePoolAdjoint(
    _ pooling: Pooling, height: Int, width: Int
  ) throws(ShapeError) -> TensorType {
    try takes(1)
    try images(0)
    let g = types[0].shape
    try legal(pooling)
    let result = try shape([g[0], height, width, g[3]])
    for (axis, pooling, length) in [(1, pooling.height, height), (2, pooling.width, width)] {
      guard try windows(pooling, in: length, axis: axis) == g[axis] else {
        throw failure(.window(.windows(found: g[axis], length: length)))
      }
    }
    return TensorType(result, types[0].dtype)
  }

  /// The operand's with each axis so much longer; its type holds the number.
  func pad(_ padding: [AxisPadding], _ number: Double) throws(ShapeError) -> TensorType {
    try takes(1)
    let found = types[0].shape
    guard padding.count == found.rank else {
      throw failure(.window(.entries(padding.count, axes: found.rank)))
    }
    try holds(number, types[0].dtype)
    var axes: [Int] = []
    for (axis, places) in padding.enumerated() {
      let limit = 0...Sliding.limit
      guard limit.contains(places.before), limit.contains(places.after) else {
        throw failure(.window(.padding))
      }
      axes.append(found[axis] + places.before + places.after)
    }
    return TensorType(try shape(axes), types[0].dtype)
  }

  /// The type of what pooling makes of an operand.
  private func pooled(_ position: Int, _ pooling: Pooling) throws(ShapeError) -> TensorType {
    try images(position)
    try legal(pooling)
    let x = types[position].shape
    let rows = try windows(pooling.height, in: x[1], axis: 1)
    let columns = try windows(pooling.width, in: x[2], axis: 2)
    return TensorType(try shape([x[0], rows, columns, x[3]]), types[position].dtype)
  }

  private func legal(_ pooling: Pooling) throws(ShapeError) {
    guard pooling.height.isLegal, pooling.width.isLegal else {
      throw failure(.window(.poolingSteps))
    }
  }

  /// Windows along an axis with entries, of which there is room for one at least.
  private func windows(
    _ pooling: PoolingAxis, in length: Int, axis: Int
  ) throws(ShapeError) -> Int {
    guard length > 0 else { throw failure(.entries(axis: axis)) }
    if let windows = pooling.windows(in: length) { return windows }
    guard case .sliding(let size, stride: _, let before, let after) = pooling else {
      throw failure(.window(.poolingSteps))
    }
    throw failure(.window(.room(span: size, length: length + before + after)))
  }
}
