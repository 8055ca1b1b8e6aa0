/// A traced block: operations in order, shapes known, no numbers yet.
package struct Graph: Hashable, Sendable {
  /// The tensors that stand outside: parameters, states, data, constants.
  package var inputs: [Input]
  /// Operations, operands before uses.
  package var nodes: [Node]
  /// The block's value.
  package var result: Operand?
  /// Values that come out beside it.
  package var outputs: [Operand]
  /// New values of states, to be committed once the run is over.
  package var stateUpdates: [StateUpdate]
  /// `checkpoint { }` regions: each with the region around it.
  package var regions: [Region]
  /// Where elements of applied chains, and turns of loops around them, end: the last node of each,
  /// ascending, and the element's name.
  package var marks: [Mark]
  /// Stretches whose input can be computed from their value; one inside another comes before it.
  package var reversals: [Reversal]

  /// What a state becomes.
  package struct StateUpdate: Hashable, Sendable {
    /// The state, as an index into `Graph.inputs`.
    package let input: Int
    /// Its new value, of the state's shape and type.
    package let value: Operand

    /// The update of one state.
    package init(input: Int, value: Operand) {
      self.input = input
      self.value = value
    }
  }

  /// A `checkpoint { }`.
  package struct Region: Hashable, Sendable {
    /// The region around it, as an index into `Graph.regions`: an earlier one; `nil` for none.
    package let parent: Int?
    /// The operations and the names whose values stay when its inside is dropped.
    package let saved: [String]

    /// A region inside of another, or of none.
    package init(parent: Int?, saved: [String] = []) {
      self.parent = parent
      self.saved = saved
    }
  }

  /// The end of an element of an applied chain, or of a turn of a loop.
  package struct Mark: Hashable, Sendable {
    /// The last node of the element or turn.
    package let node: Int
    /// The element, as a learner names it: `dense`, `layers[3] residual`.
    package let label: String
    /// False where a turn of a loop ends.
    package let isElement: Bool

    /// A mark after this node.
    package init(node: Int, label: String, isElement: Bool = true) {
      self.node = node
      self.label = label
      self.isElement = isElement
    }

    /// The same mark at another node.
    package func at(_ node: Int) -> Mark { Mark(node: node, label: label, isElement: isElement) }
  }

  /// A graph without inputs, nodes or value.
  package init() {
    inputs = []
    nodes = []
    result = nil
    outputs = []
    stateUpdates = []
    regions = []
    marks = []
    reversals = []
  }
}
