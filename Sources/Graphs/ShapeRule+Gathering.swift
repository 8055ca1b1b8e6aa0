import Tensors

/// Shape rules of operations that choose entries by their place.
extension ShapeRule {
  /// Of x and i32 indices of its shape but along the axis: the indices', in x's type; whether the
  /// indices are in range is known only in a run.
  func gather(axis index: Int) throws(ShapeError) -> TensorType {
    try takes(2)
    try integer(1)
    try axis(index, of: types[0].shape)
    try alike(types[1].shape, types[0].shape, besides: index)
    return TensorType(types[1].shape, types[0].dtype)
  }

  /// The target, where g and the indices have one shape, which is the target's but along the axis.
  func gatherAdjoint(axis index: Int, _ target: Shape) throws(ShapeError) -> TensorType {
    try takes(2)
    try floating(0)
    try integer(1)
    let whole = try shape(target.axes)
    try axis(index, of: whole)
    try same(types[0].shape, types[1].shape)
    try alike(types[1].shape, whole, besides: index)
    return TensorType(whole, types[0].dtype)
  }

  /// The floating operand's with a last axis of `count`, at least 1 and no more than it has; i32.
  func topIndices(_ count: Int) throws(ShapeError) -> TensorType {
    try takes(1)
    try floating(0)
    guard let last = types[0].shape.axes.last else { throw failure(.leastRank(1)) }
    guard (1...max(last, 1)).contains(count), last > 0 else {
      throw failure(.greatest(count: count, length: last))
    }
    return TensorType(Shape(types[0].shape.axes.dropLast() + [count]), .i32)
  }

  /// The operand's, which has two axes or more.
  func triangle() throws(ShapeError) -> TensorType {
    try takes(1)
    guard types[0].shape.rank >= 2 else { throw failure(.leastRank(2)) }
    return types[0]
  }

  /// That two shapes agree along all axes but one.
  private func alike(_ a: Shape, _ b: Shape, besides axis: Int) throws(ShapeError) {
    guard a.rank == b.rank, (0..<a.rank).allSatisfy({ $0 == axis || a[$0] == b[$0] }) else {
      throw failure(.indicesAlong(axis: axis))
    }
  }
}
