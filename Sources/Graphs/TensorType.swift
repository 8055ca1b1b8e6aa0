package import Tensors

/// The shape and the element type of a value.
package struct TensorType: Hashable, Sendable {
  package var shape: Shape
  package var dtype: DType

  package init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }
}
