package import Tensors

extension GraphBuilder: Emitter {
  package func type(of value: Operand) -> TensorType { TensorType(value.shape, value.dtype) }

  package func read(_ value: Operand, as shape: Shape) -> Operand { value.reshaped(shape) }

  package func isTransposed(_ value: Operand) -> Bool { transposed(value) != nil }

  package func refusal(_ error: ShapeError, of operands: [Operand]) -> ShapeError { error }
}
