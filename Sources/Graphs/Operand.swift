package import Tensors

/// A use of a value: which, and the shape it is read in.
///
/// Row-major elements do not move when a tensor is reshaped, so a reshape is no node: it is another
/// shape on the edge, costs nothing and holds nothing. `shape` has as many elements as the value,
/// or as the part of it that a view reads.
package struct Operand: Hashable, Sendable {
  /// Where a value comes from, by index into `Graph.inputs` or `Graph.nodes`.
  package enum Origin: Hashable, Sendable {
    case input(Int)
    /// A node's value: the first unless another is named.
    case node(Int, result: Int = 0)
  }
  /// The input or the result that it reads.
  package let origin: Origin
  /// The shape that it is read in; of as many elements as the value, or the view of it, has.
  package let shape: Shape
  /// The type of its elements: the value's.
  package let dtype: DType
  /// The part of the value that is read, or its axes in another order; `nil` for all as it is.
  package let view: View?

  /// A use of a value, unchecked.
  package init(_ origin: Origin, shape: Shape, dtype: DType, view: View? = nil) {
    self.origin = origin
    self.shape = shape
    self.dtype = dtype
    self.view = view
  }

  /// The same value read in another shape of as many elements.
  package func reshaped(_ shape: Shape) -> Operand {
    Operand(origin, shape: shape, dtype: dtype, view: view)
  }

  /// The same reading of another value.
  package func reading(_ other: Origin) -> Operand {
    Operand(other, shape: shape, dtype: dtype, view: view)
  }

  /// Where the first element that is read lies in the value, and how many lie between neighbours
  /// along each axis of `shape`; `nil` where no strides say it.
  package var layout: (start: Int, strides: [Int])? {
    guard let view else { return (0, shape.strides) }
    return view.shape.strides(view.strides, readAs: shape).map { (view.start, $0) }
  }

  /// True where what is read lies without gaps and in order.
  package var isContiguous: Bool {
    guard view != nil else { return true }
    guard let strides = layout?.strides else { return false }
    return shape.axes.indices.allSatisfy {
      shape[$0] == 1 || strides[$0] == shape.strides[$0]
    }
  }

  /// The node it comes from; `nil` for an input.
  package var node: Int? { if case .node(let index, result: _) = origin { index } else { nil } }

  /// Which of the node's results it is; 0 for an input.
  package var result: Int { if case .node(_, let result) = origin { result } else { 0 } }

  /// The input it is; `nil` for a node's value.
  package var input: Int? { if case .input(let index) = origin { index } else { nil } }
}
