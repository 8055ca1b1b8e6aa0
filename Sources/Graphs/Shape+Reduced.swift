package import Tensors

extension Shape {
  /// The shape without the axes, or with length 1 in their place where `keepDims`.
  package func reduced(_ reducedAxes: [Int], keepDims: Bool) -> Shape {
    var result: [Int] = []
    for (axis, length) in axes.enumerated() {
      if !reducedAxes.contains(axis) {
        result.append(length)
      } else if keepDims {
        result.append(1)
      }
    }
    return Shape(result)
  }
}
