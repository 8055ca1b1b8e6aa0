/// `count` entries of an axis from `start`, `step` apart (step may be negative; never 0).
package struct AxisSlice: Hashable, Sendable {
  /// Index of the first entry; within the axis unless there is none.
  package let start: Int
  /// How many entries; 0 or more.
  package let count: Int
  /// From one entry to the next, in indices of the axis.
  package let step: Int

  /// A slice; whether an axis has its entries is the shape rule's to check.
  package init(start: Int, count: Int, step: Int = 1) {
    self.start = start
    self.count = count
    self.step = step
  }
}
