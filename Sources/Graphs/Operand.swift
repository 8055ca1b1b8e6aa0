package import Tensors

/// A use of a value: which, and the shape it is read in.
///
/// Row-major elements do not move when a tensor is reshaped, so a reshape is no node: it is another
/// shape on the edge, costs nothing and holds nothing. `shape` has as many elements as the value.
package struct Operand: Hashable, Sendable {
  /// Where a value comes from, by index into `Graph.inputs` or `Graph.nodes`.
  package enum Origin: Hashable, Sendable {
    case input(Int)
    /// A node's value: the first unless another is named.
    case node(Int, result: Int = 0)
  }
  /// The input or the result that it reads.
  package let origin: Origin
  /// The shape that it is read in; of as many elements as the value has.
  package let shape: Shape
  /// The type of its elements: the value's.
  package let dtype: DType

  /// A use of a value, unchecked.
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
  package var node: Int? { if case .node(let index, result: _) = origin { index } else { nil } }

  /// Which of the node's results it is; 0 for an input.
  package var result: Int { if case .node(_, let result) = origin { result } else { 0 } }

  /// The input it is; `nil` for a node's value.
  package var input: Int? { if case .input(let index) = origin { index } else { nil } }
}
