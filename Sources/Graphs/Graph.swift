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
  /// New values of states, to be committed once the run is over: index of the input, and the value.
  package var stateUpdates: [StateUpdate]
  /// `checkpoint { }` regions: each with the region around it.
  package var regions: [Region]
  /// Where elements of applied chains, and turns of loops around them, end: the last node of each,
  /// ascending, and the element's name.
  package var marks: [Mark]
  /// Stretches whose input can be computed from their value; one inside another comes before it.
  package var reversals: [Reversal]

  package struct StateUpdate: Hashable, Sendable {
    package let input: Int
    package let value: Operand

    package init(input: Int, value: Operand) {
      self.input = input
      self.value = value
    }
  }

  package struct Region: Hashable, Sendable {
    package let parent: Int?
    package init(parent: Int?) { self.parent = parent }
  }

  package struct Mark: Hashable, Sendable {
    package let node: Int
    package let label: String
    /// False where a turn of a loop ends.
    package let isElement: Bool

    package init(node: Int, label: String, isElement: Bool = true) {
      self.node = node
      self.label = label
      self.isElement = isElement
    }

    /// The same mark at another node.
    package func at(_ node: Int) -> Mark { Mark(node: node, label: label, isElement: isElement) }
  }

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
