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
  /// Where elements of applied chains end: the last node of each, ascending, and the element's
  /// name.
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
    package init(node: Int, label: String) {
      self.node = node
      self.label = label
    }
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
