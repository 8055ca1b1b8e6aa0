/// The lengths of a tensor's axes, outermost first. A scalar has no axes; an axis may have length
/// 0.
package struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
  /// The lengths, outermost first; none for a scalar.
  package let axes: [Int]

  /// More elements than any machine holds (2⁴⁸: a pebibyte of f32). A shape with this count cannot
  /// be allocated, and thousands of such counts, in bytes, still add up without overflow.
  package static let countLimit = 1 << 48

  /// Any lengths from 0 up, however large.
  package init(_ axes: [Int]) { self.axes = axes }

  /// Elements in all: the product of the axes, 1 for a scalar; `countLimit` where it would be more.
  package var count: Int {
    axes.reduce(1) { count, length in
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      return overflow ? Shape.countLimit : min(product, Shape.countLimit)
    }
  }

  /// Bytes of a tensor of this shape; a shape at `countLimit` asks for more than can be had.
  package func byteCount(of dtype: DType) -> Int { count * dtype.byteWidth }

  /// `let shape: Shape = [2, 3]`.
  package init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The shape of a single number.
  package static let scalar = Shape([])

  /// Number of axes.
  package var rank: Int { axes.count }

  /// The length of an axis.
  package subscript(axis: Int) -> Int { axes[axis] }

  /// Elements between neighbours along each axis, in row-major order; meaningful below
  /// `countLimit`.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] &* axes[axis + 1]
    }
    return strides
  }

  /// The strides with which elements that lie `strides` apart along these axes are read in another
  /// shape of as many elements, in the same order; `nil` where none do, and only a copy could.
  package func strides(_ strides: [Int], readAs target: Shape) -> [Int]? {
    var result = target.strides
    if target.count == 0 { return result }
    // Neighbouring axes between which no elements are left out are one run.
    var runs: [(length: Int, stride: Int)] = []
    for (length, stride) in zip(axes, strides) where length != 1 {
      if let last = runs.last, last.stride == stride &* length {
        runs[runs.count - 1] = (last.length * length, stride)
      } else {
        runs.append((length, stride))
      }
    }
    var run = (length: 1, stride: 1)
    for axis in target.axes.indices.reversed() where target[axis] != 1 {
      if run.length == 1, let next = runs.popLast() { run = next }
      guard run.length % target[axis] == 0 else { return nil }
      result[axis] = run.stride
      run = (run.length / target[axis], run.stride &* target[axis])
    }
    return result
  }

  /// `[2, 3]`; `[]` for a scalar.
  package var description: String {
    "[" + axes.map(String.init).joined(separator: ", ") + "]"
  }
}
