package import Tensors

/// One operation of a graph.
package struct Node: Hashable, Sendable {
  package var operation: Operation
  package var operands: [Operand]
  /// Of the value it makes.
  package var shape: Shape
  package var dtype: DType
  /// Innermost `checkpoint { }` region, as an index into `Graph.regions`.
  package var region: Int?
  /// What `named(x, "…")` called the value.
  package var name: String?
  /// The stretch of source that made it.
  package var place: Place
  /// Of a backward node or an update: the forward node that it helps to differentiate; `nil` for a forward node.
  package var differentiates: Int?

  package init(
    operation: Operation, operands: [Operand], shape: Shape, dtype: DType, region: Int? = nil,
    name: String? = nil, place: Place = .nowhere, differentiates: Int? = nil
  ) {
    self.operation = operation
    self.operands = operands
    self.shape = shape
    self.dtype = dtype
    self.region = region
    self.name = name
    self.place = place
    self.differentiates = differentiates
  }
}
