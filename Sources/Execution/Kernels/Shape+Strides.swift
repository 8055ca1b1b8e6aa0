import Tensors

extension Shape {
  /// The strides with which a tensor of this shape is read along the axes of `result`, to which it
  /// broadcasts: 0 along stretched and missing axes.
  func strides(broadcastTo result: Shape) -> [Int] {
    spread(strides, to: result)
  }

  /// The same for elements that lie `strides` apart along the axes of this shape.
  func spread(_ own: [Int], to result: Shape) -> [Int] {
    let missing = result.rank - rank
    return result.axes.indices.map { axis in
      axis < missing || self[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}

extension BufferView {
  /// The strides with which the elements are read along the axes of `result`, to which they
  /// broadcast.
  func strides(broadcastTo result: Shape) -> [Int] { shape.spread(strides, to: result) }

  /// True where the elements lie without gaps and in order.
  var isContiguous: Bool {
    let plain = shape.strides
    return shape.axes.indices.allSatisfy { shape[$0] == 1 || strides[$0] == plain[$0] }
  }
}
