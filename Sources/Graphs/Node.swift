package import Tensors

/// One operation of a graph.
///
/// One that is shared never changes: the graph of a block, what differentiates that and what
/// updates with it share their nodes, and to hand one on is to count one reference.
package final class Node: @unchecked Sendable {
  /// What it does, with its attributes.
  package let operation: Operation
  /// What it reads, in the operation's order, and in which shapes: inputs, and results of earlier
  /// nodes.
  package private(set) var operands: [Operand]
  /// Types of the values that it makes, one or several; none for an update.
  package let results: [TensorType]
  /// Below 0 for none, as the next.
  private let regionNumber: Int32
  private var differentiated: Int32
  /// What `named(x, "…")` called the value.
  package let name: String?
  /// The stretch of source that made it.
  package let place: Place

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
  package var region: Int? { regionNumber < 0 ? nil : Int(regionNumber) }

  /// Of a backward node or an update: the forward node that it helps to differentiate; `nil` for a
  /// forward node.
  package var differentiates: Int? { differentiated < 0 ? nil : Int(differentiated) }

  /// Of the first value that it makes; of no elements for an update.
  package var shape: Shape { results.first?.shape ?? [0] }
  /// Of the first value that it makes; that of what it writes for an update.
  package var dtype: DType { results.first?.dtype ?? operands.first?.dtype ?? .f32 }

  /// The same node but for what is given; `.some(nil)` takes away what it had.
  package func replacing(
    operands: [Operand]? = nil, results: [TensorType]? = nil, region: Int?? = nil,
    name: String?? = nil, differentiates: Int?? = nil
  ) -> Node {
    Node(
      operation: operation, operands: operands ?? self.operands, results: results ?? self.results,
      region: region ?? self.region, name: name ?? self.name, place: place,
      differentiates: differentiates ?? self.differentiates)
  }
}

extension Node {
  /// Lets a node follow those that it reads, and the one that it differentiates, to where they have
  /// moved. One that somebody else holds too stays as it is there, and is copied here.
  package static func renumber(_ node: inout Node, _ renumbering: Renumbering) {
    func hasMoved(_ number: Int) -> Bool { renumbering[number].map { $0 != number } ?? false }
    let readsMoved = node.operands.contains { $0.node.map(hasMoved) ?? false }
    let differentiates = node.differentiates.flatMap { renumbering[$0] }
    if !readsMoved, differentiates == node.differentiates { return }
    if !isKnownUniquelyReferenced(&node) { node = node.replacing() }
    node.differentiated = differentiates.map(Int32.init) ?? -1
    guard readsMoved else { return }
    for place in node.operands.indices {
      node.operands[place] = node.operands[place].renumbered(renumbering)
    }
  }
}

extension Node: Hashable {
  /// True of two of which all is equal.
  package static func == (a: Node, b: Node) -> Bool {
    a === b
      || a.operation == b.operation && a.operands == b.operands && a.results == b.results
        && a.regionNumber == b.regionNumber && a.differentiated == b.differentiated
        && a.name == b.name && a.place == b.place
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(operation)
    hasher.combine(operands)
    hasher.combine(results)
    hasher.combine(regionNumber)
    hasher.combine(differentiated)
    hasher.combine(name)
    hasher.combine(place)
  }
}

extension Graph {
  /// A result of a node as it is, in its own shape.
  package func value(_ node: Int, result: Int = 0) -> Operand {
    let type = nodes[node].results[result]
    return Operand(.node(node, result: result), shape: type.shape, dtype: type.dtype)
  }
}
