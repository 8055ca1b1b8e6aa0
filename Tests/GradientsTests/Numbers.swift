import Graphs
import Tensors

/// A tensor of doubles, for the reference interpreter: plain, slow and easy to check.
struct Numbers {
  var shape: Shape
  var values: [Double]

  init(_ shape: Shape, _ values: [Double]) {
    self.shape = shape
    self.values = values
  }

  /// Each element from its index.
  init(_ shape: Shape, element: ([Int]) -> Double) {
    self.shape = shape
    values = Numbers.indices(of: shape).map(element)
  }

  /// Every index of a shape, row-major.
  static func indices(of shape: Shape) -> [[Int]] {
    var all: [[Int]] = [[]]
    for length in shape.axes { all = all.flatMap { head in (0..<length).map { head + [$0] } } }
    return all
  }

  /// Where an element lies; the index may be longer than the shape, and axes of length 1 take any.
  func offset(_ index: [Int]) -> Int {
    var offset = 0
    for (axis, position) in index.suffix(shape.rank).enumerated() {
      offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : position)
    }
    return offset
  }

  subscript(index: [Int]) -> Double {
    get { values[offset(index)] }
    set { values[offset(index)] = newValue }
  }

  func reshaped(_ shape: Shape) -> Numbers { Numbers(shape, values) }

  func map(_ function: (Double) -> Double) -> Numbers { Numbers(shape, values.map(function)) }

  /// The entries along an axis through an index.
  func line(_ index: [Int], axis: Int) -> [Double] {
    (0..<shape[axis]).map { position in
      var moved = index
      moved[axis] = position
      return self[moved]
    }
  }
}
