extension Shape {
  /// A tensor has fewer elements than this. Axes of length 0 count as 1, so that strides stay below
  /// it too.
  package static let elementLimit = 1 << 48

  /// Most axes of a tensor.
  package static let rankLimit = 16

  /// The shape of these axes; `nil` where one is negative, there are more than `rankLimit`, or the
  /// elements reach `elementLimit`.
  ///
  /// The one way to a shape from numbers that a learner wrote: `Shape(_:)` traps where their
  /// product overflows.
  package static func checked(_ axes: [Int]) -> Shape? {
    guard axes.count <= rankLimit else { return nil }
    var count = 1
    for length in axes {
      guard length >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, product < elementLimit else { return nil }
      count = product
    }
    return Shape(axes)
  }
}
