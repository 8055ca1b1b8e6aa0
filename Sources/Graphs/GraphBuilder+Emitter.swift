package import Tensors

extension GraphBuilder: Emitter {
  /// In the shape that the operand is read in.
  package func type(of value: Operand) -> TensorType { TensorType(value.shape, value.dtype) }

  /// Adds no node: a reshape is another shape on the edge.
  package func read(_ value: Operand, as shape: Shape) -> Operand { value.reshaped(shape) }

  /// True for a `permute` without a name that swaps the last two axes.
  package func isTransposed(_ value: Operand) -> Bool { transposed(value) != nil }

  /// The error as it is: operands of a graph have nothing to add.
  package func refusal(_ error: ShapeError, of operands: [Operand]) -> ShapeError { error }
}
