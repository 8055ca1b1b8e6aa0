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

  package init(
    operation: Operation, operands: [Operand], shape: Shape, dtype: DType, region: Int? = nil,
    name: String? = nil, place: Place = .nowhere
  ) {
    self.operation = operation
    self.operands = operands
    self.shape = shape
    self.dtype = dtype
    self.region = region
    self.name = name
    self.place = place
  }
}
