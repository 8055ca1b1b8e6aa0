package import Tensors

/// Part of a value, and its axes in another order, read where they lie: no node, no bytes.
///
/// The value is read in the shape `base`; of it the slices are taken, and axis i of what they leave
/// is axis `order[i]` of the base.
package struct View: Hashable, Sendable {
  /// The shape that the whole value is read in.
  package let base: Shape
  /// What is taken of each axis of the base.
  package let slices: [AxisSlice]
  /// The axes of the base, each once.
  package let order: [Int]

  /// A view, unchecked.
  package init(base: Shape, slices: [AxisSlice], order: [Int]) {
    self.base = base
    self.slices = slices
    self.order = order
  }

  /// The whole of a value that is read in a shape.
  init(whole base: Shape) {
    self.init(
      base: base, slices: base.axes.map { AxisSlice(start: 0, count: $0) },
      order: Array(base.axes.indices))
  }

  /// The shape of what is read.
  package var shape: Shape { Shape(order.map { slices[$0].count }) }

  /// The element of the value that is read first.
  var start: Int {
    zip(slices, base.strides).reduce(0) { $0 &+ $1.0.start &* $1.1 }
  }

  /// Elements between neighbours along each axis of `shape`.
  var strides: [Int] {
    let own = base.strides
    return order.map { slices[$0].step &* own[$0] }
  }

  /// True where every element of the value is read.
  package var isWhole: Bool {
    zip(slices, base.axes).allSatisfy { $0.step == 1 && $0.count == $1 }
  }

  /// True where the axes stand in the base's order.
  package var isInOrder: Bool { order == Array(base.axes.indices) }

  /// The view that reads, of what this one reads in `shape`, what an operation takes; `nil` where
  /// the operation is neither a slice nor a permutation, or the shape has other long axes than the
  /// view.
  func applying(_ operation: Operation, in shape: Shape) -> View? {
    let long = order.indices.filter { slices[order[$0]].count != 1 }
    let axes = shape.axes.indices.filter { shape[$0] != 1 }
    guard axes.map({ shape[$0] }) == long.map({ slices[order[$0]].count }) else { return nil }
    let places = Dictionary(uniqueKeysWithValues: zip(axes, long.map { order[$0] }))
    switch operation {
    case .slice(let taken):
      var slices = slices
      for (axis, slice) in taken.enumerated() {
        guard slice.count > 0 else { return nil }
        guard let place = places[axis] else { continue }
        let old = slices[place]
        slices[place] = AxisSlice(
          start: old.start + slice.start * old.step, count: slice.count,
          step: old.step * slice.step)
      }
      return View(base: base, slices: slices, order: order)
    case .permute(let wanted):
      let moved = wanted.compactMap { places[$0] }
      if moved == moved.sorted() {
        return View(base: base, slices: slices, order: Array(base.axes.indices))
      }
      return View(base: base, slices: slices, order: moved + order.filter { !moved.contains($0) })
    default: return nil
    }
  }
}
