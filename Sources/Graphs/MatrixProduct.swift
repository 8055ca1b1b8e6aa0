package import Tensors

/// How `a @ b` reads its operands by NumPy's rule: a vector on the left is a row, a vector on the
/// right a column, and the axis that this adds is gone from the result.
package struct MatrixProduct: Hashable, Sendable {
  /// The shape that the left operand of the `matmul` operation is read in; rank 2 or more.
  package let left: Shape
  /// The shape that the right operand of the `matmul` operation is read in; rank 2 or more.
  package let right: Shape
  /// The shape that the product is read in.
  package let result: Shape

  /// Throws `ShapeError`, with the shapes as given, where the inner axes or the batches differ or
  /// an operand is a scalar.
  package init(_ a: Shape, _ b: Shape) throws(ShapeError) {
    guard a.rank >= 1, b.rank >= 1 else {
      throw ShapeError(.rule(.leastRank(1)), operation: "matmul", shapes: [a, b])
    }
    left = a.rank == 1 ? Shape([1] + a.axes) : a
    right = b.rank == 1 ? Shape(b.axes + [1]) : b
    let product: Shape
    do {
      product = try Operation.matmul(transposeLeft: false, transposeRight: false)
        .resultTypes(ofTypes: [TensorType(left, .f32), TensorType(right, .f32)])[0].shape
    } catch {
      var problem = error.problem
      if case .mismatch(let axis?, let x, let y) = problem, a.rank == 1 {
        problem = .mismatch(axis: axis - 1, left: x, right: y)
      }
      throw ShapeError(problem, operation: "matmul", shapes: [a, b])
    }
    guard a.rank == 1 || b.rank == 1 else {
      result = product
      return
    }
    var axes = product.axes
    if b.rank == 1 { axes.removeLast() }
    if a.rank == 1 { axes.remove(at: axes.count - (b.rank == 1 ? 1 : 2)) }
    result = Shape(axes)
  }
}
