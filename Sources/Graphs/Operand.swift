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
  // A graph has an operand for each use: packed, it takes a third of the bytes.
  private let number: UInt32
  private let resultNumber: UInt16
  private let isInput: Bool
  /// The type of its elements: the value's.
  package let dtype: DType
  private let reading: Reading

  /// What is read, and in which shape.
  private enum Reading: Hashable, Sendable {
    case whole(Shape)
    indirect case part(View, Shape)
  }

  /// A use of a value, unchecked.
  package init(_ origin: Origin, shape: Shape, dtype: DType, view: View? = nil) {
    switch origin {
    case .input(let index): (number, resultNumber, isInput) = (UInt32(index), 0, true)
    case .node(let index, let result):
      (number, resultNumber, isInput) = (UInt32(index), UInt16(result), false)
    }
    self.dtype = dtype
    reading = view.map { .part($0, shape) } ?? .whole(shape)
  }

  /// The input or the result that it reads.
  package var origin: Origin {
    isInput ? .input(Int(number)) : .node(Int(number), result: Int(resultNumber))
  }

  /// The part of the value that is read, or its axes in another order; `nil` for all as it is.
  package var view: View? {
    if case .part(let view, _) = reading { view } else { nil }
  }

  /// The shape that it is read in; of as many elements as the value, or the view of it, has.
  package var shape: Shape {
    switch reading {
    case .whole(let shape), .part(_, let shape): shape
    }
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
    if case .whole = reading { return true }
    guard let strides = layout?.strides else { return false }
    return shape.axes.indices.allSatisfy {
      shape[$0] == 1 || strides[$0] == shape.strides[$0]
    }
  }

  /// The node it comes from; `nil` for an input.
  package var node: Int? { isInput ? nil : Int(number) }

  /// Which of the node's results it is; 0 for an input.
  package var result: Int { Int(resultNumber) }

  /// The input it is; `nil` for a node's value.
  package var input: Int? { isInput ? Int(number) : nil }
}
