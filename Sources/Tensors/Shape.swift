/// The lengths of a tensor's axes, outermost first. A scalar has no axes; an axis may have length 0.
package struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
  package let axes: [Int]

  /// Elements in all: the product of the axes, 1 for a scalar.
  package let count: Int

  package init(_ axes: [Int]) {
    self.axes = axes
    self.count = axes.reduce(1, *)
  }

  package init(arrayLiteral elements: Int...) { self.init(elements) }

  package static let scalar = Shape([])

  package var rank: Int { axes.count }

  package subscript(axis: Int) -> Int { axes[axis] }

  /// Elements between neighbours along each axis, in row-major order.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * axes[axis + 1]
    }
    return strides
  }

  /// `[2, 3]`; `[]` for a scalar.
  package var description: String {
    "[" + axes.map(String.init).joined(separator: ", ") + "]"
  }

  /// The shape both broadcast to by NumPy's rule (axes aligned from the last; length 1 stretches);
  /// `nil` where an axis differs.
  package static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
    let rank = max(a.rank, b.rank)
    var axes = [Int](repeating: 1, count: rank)
    for back in 1...max(rank, 1) where back <= rank {
      let x = back <= a.rank ? a.axes[a.rank - back] : 1
      let y = back <= b.rank ? b.axes[b.rank - back] : 1
      guard x == y || x == 1 || y == 1 else { return nil }
      axes[rank - back] = x == 1 ? y : x
    }
    return Shape(axes)
  }
}
