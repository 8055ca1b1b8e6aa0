package import Tensors

/// A use of a value: which, and the shape it is read in.
///
/// Row-major elements do not move when a tensor is reshaped, so a reshape is no node: it is another shape on the
/// edge, costs nothing and holds nothing. `shape` has as many elements as the value.
package struct Operand: Hashable, Sendable {
  package enum Origin: Hashable, Sendable {
    case input(Int)
    case node(Int)
  }
  package let origin: Origin
  package let shape: Shape
  package let dtype: DType

  package init(_ origin: Origin, shape: Shape, dtype: DType) {
    self.origin = origin
    self.shape = shape
    self.dtype = dtype
  }

  /// The same value read in another shape of as many elements.
  package func reshaped(_ shape: Shape) -> Operand {
    Operand(origin, shape: shape, dtype: dtype)
  }

  /// The node it comes from; `nil` for an input.
  package var node: Int? { if case .node(let index) = origin { index } else { nil } }

  /// The input it is; `nil` for a node's value.
  package var input: Int? { if case .input(let index) = origin { index } else { nil } }
}
