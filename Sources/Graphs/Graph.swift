package import Tensors

/// A traced block: operations in order, shapes known, no numbers yet.
package struct Graph: Sendable {
  /// The tensors that stand outside: parameters, states, data, constants.
  package var inputs: [Input]
  /// Operations, operands before uses.
  package var nodes: [Node]
  /// The block's value.
  package var result: Operand?
  /// New values of states, to be committed once the run is over: index of the input, and the value.
  package var stateUpdates: [StateUpdate]
  /// `checkpoint { }` regions: each with the region around it.
  package var regions: [Region]
  /// Where elements of applied chains end: the last node of each, ascending, and the element's name.
  package var marks: [Mark]

  package struct StateUpdate: Sendable {
    package let input: Int
    package let value: Operand

    package init(input: Int, value: Operand) {
      self.input = input
      self.value = value
    }
  }

  package struct Region: Sendable {
    package let parent: Int?
    package init(parent: Int?) { self.parent = parent }
  }

  package struct Mark: Sendable {
    package let node: Int
    package let label: String
    package init(node: Int, label: String) {
      self.node = node
      self.label = label
    }
  }

  package init() {
    inputs = []
    nodes = []
    result = nil
    stateUpdates = []
    regions = []
    marks = []
  }
}

/// A tensor that stands outside the graph.
package struct Input: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case parameter, state, moment, data, constant }
  package let kind: Kind
  package let shape: Shape
  package let dtype: DType
  /// How a learner names it: `layers[0].w`, `x`; may be empty.
  package let name: String

  package init(kind: Kind, shape: Shape, dtype: DType, name: String) {
    self.kind = kind
    self.shape = shape
    self.dtype = dtype
    self.name = name
  }
}

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

/// One operation of a graph.
package struct Node: Sendable {
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

/// A stretch of source, as this floor knows it: numbers and a name. Columns from 1; `line` 0 means nowhere.
package struct Place: Hashable, Sendable {
  package let file: String
  package let line: Int
  package let column: Int
  package let endLine: Int
  package let endColumn: Int

  package static let nowhere = Place(file: "", line: 0, column: 0, endLine: 0, endColumn: 0)

  package init(file: String, line: Int, column: Int, endLine: Int, endColumn: Int) {
    self.file = file
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
  }
}
