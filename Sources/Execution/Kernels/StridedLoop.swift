/// Nested loops over one shape with the strides of several tensors, merged into as few axes as
/// possible.
///
/// Axes of length 1 vanish; neighbours merge where every tensor's strides allow it. The rank is at
/// least 1.
final class StridedLoop {
  /// Number of axes that are left: 1 or more.
  let rank: Int32
  /// The length of each axis, in order.
  let lengths: UnsafeMutablePointer<Int>
  /// One pointer a tensor, to as many strides as there are axes, in elements.
  let strides: [UnsafeMutablePointer<Int>]

  /// `transposing` moves the axis along which the first tensor is contiguous next to the last,
  /// where it is another: a copy then works in square tiles.
  init(lengths: [Int], strides: [[Int]], transposing: Bool = false) {
    var kept: [Int] = []
    var merged: [Int: Int] = [:]
    for axis in lengths.indices where lengths[axis] != 1 {
      if let last = kept.last,
        strides.allSatisfy({ $0[last] == $0[axis] &* lengths[axis] })
      {
        kept[kept.count - 1] = axis
        merged[axis] = (merged[last] ?? lengths[last]) &* lengths[axis]
      } else {
        kept.append(axis)
      }
    }
    if transposing, let last = kept.indices.last, strides[0][kept[last]] != 1,
      let unit = kept.firstIndex(where: { strides[0][$0] == 1 })
    {
      kept.insert(kept.remove(at: unit), at: last - 1)
    }
    func stored(_ values: [Int]) -> UnsafeMutablePointer<Int> {
      let values = values.isEmpty ? [1] : values
      let pointer = UnsafeMutablePointer<Int>.allocate(capacity: values.count)
      pointer.initialize(from: values, count: values.count)
      return pointer
    }
    rank = Int32(max(kept.count, 1))
    self.lengths = stored(kept.map { merged[$0] ?? lengths[$0] })
    self.strides = strides.map { tensor in stored(kept.map { tensor[$0] }) }
  }

  deinit {
    lengths.deallocate()
    for pointer in strides { pointer.deallocate() }
  }
}
