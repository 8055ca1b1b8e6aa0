package import Tensors

extension GraphBuilder: Emitter {
  /// In the shape that the operand is read in.
  package func type(of value: Operand) -> TensorType { TensorType(value.shape, value.dtype) }

  /// Adds no node: a reshape is another shape on the edge.
  package func read(_ value: Operand, as shape: Shape) -> Operand { value.reshaped(shape) }

  /// False for a `permute` without a name that swaps the last two axes, which a product reads
  /// through, and for a view whose elements do not lie evenly in the shape.
  package func reads(_ value: Operand, as shape: Shape) -> Bool {
    transposed(value) == nil && value.reshaped(shape).layout != nil
  }

  /// The error as it is: operands of a graph have nothing to add.
  package func refusal(_ error: ShapeError, of operands: [Operand]) -> ShapeError { error }
}
