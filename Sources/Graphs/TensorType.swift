package import Tensors

/// The shape and the element type of a value.
package struct TensorType: Hashable, Sendable {
  /// The lengths of its axes.
  package var shape: Shape
  /// The type of its elements.
  package var dtype: DType

  /// A tensor of this shape whose elements are of this type.
  package init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }
}
