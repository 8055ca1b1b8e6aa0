/// A tensor's bytes as a kernel sees them: contiguous, row-major.
package struct BufferView {
  package let pointer: UnsafeMutableRawPointer
  package let shape: Shape
  package let dtype: DType

  package init(pointer: UnsafeMutableRawPointer, shape: Shape, dtype: DType) {
    self.pointer = pointer
    self.shape = shape
    self.dtype = dtype
  }

  /// Elements in all.
  package var count: Int { shape.count }

  /// Splits the shape around an axis: elements before it, its length, elements after it.
  package func around(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (
      shape.axes[..<axis].reduce(1, *), shape.axes[axis],
      shape.axes[(axis + 1)...].reduce(1, *)
    )
  }
}
