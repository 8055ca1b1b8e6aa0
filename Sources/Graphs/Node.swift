package import Tensors

/// One operation of a graph.
package struct Node: Hashable, Sendable {
  /// What it does, with its attributes.
  package var operation: Operation
  /// What it reads, in the operation's order, and in which shapes: inputs, and results of earlier
  /// nodes.
  package var operands: [Operand]
  /// Types of the values that it makes, one or several; none for an update.
  package var results: [TensorType]
  /// Below 0 for none, as the next.
  private var regionNumber: Int32
  private var differentiated: Int32
  /// What `named(x, "…")` called the value.
  package var name: String?
  /// The stretch of source that made it.
  package var place: Place

  /// A node; whether its results are what the shape rule gives is `Graph.verify`'s to check.
  package init(
    operation: Operation, operands: [Operand], results: [TensorType], region: Int? = nil,
    name: String? = nil, place: Place = .nowhere, differentiates: Int? = nil
  ) {
    self.operation = operation
    self.operands = operands
    self.results = results
    regionNumber = region.map(Int32.init) ?? -1
    differentiated = differentiates.map(Int32.init) ?? -1
    self.name = name
    self.place = place
  }

  /// Innermost `checkpoint { }` region, as an index into `Graph.regions`.
  package var region: Int? {
    get { regionNumber < 0 ? nil : Int(regionNumber) }
    set { regionNumber = newValue.map(Int32.init) ?? -1 }
  }

  /// Of a backward node or an update: the forward node that it helps to differentiate; `nil` for a
  /// forward node.
  package var differentiates: Int? {
    get { differentiated < 0 ? nil : Int(differentiated) }
    set { differentiated = newValue.map(Int32.init) ?? -1 }
  }

  /// Of the first value that it makes; of no elements for an update.
  package var shape: Shape { results.first?.shape ?? [0] }
  /// Of the first value that it makes; that of what it writes for an update.
  package var dtype: DType { results.first?.dtype ?? operands.first?.dtype ?? .f32 }
}

extension Graph {
  /// A result of a node as it is, in its own shape.
  package func value(_ node: Int, result: Int = 0) -> Operand {
    let type = nodes[node].results[result]
    return Operand(.node(node, result: result), shape: type.shape, dtype: type.dtype)
  }
}
