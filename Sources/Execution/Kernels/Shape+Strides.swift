import Tensors

extension Shape {
  /// The strides with which a tensor of this shape is read along the axes of `result`, to which it
  /// broadcasts: 0 along stretched and missing axes.
  func strides(broadcastTo result: Shape) -> [Int] {
    let own = strides
    let missing = result.rank - rank
    return result.axes.indices.map { axis in
      axis < missing || self[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}
