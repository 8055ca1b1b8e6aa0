/// `count` entries of an axis from `start`, `step` apart (step may be negative; never 0).
package struct AxisSlice: Hashable, Sendable {
  package let start: Int
  package let count: Int
  package let step: Int

  package init(start: Int, count: Int, step: Int = 1) {
    self.start = start
    self.count = count
    self.step = step
  }
}
