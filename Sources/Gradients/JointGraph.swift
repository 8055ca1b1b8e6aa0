package import Graphs

/// Forward nodes followed by the backward nodes that differentiation added and, in training, the
/// optimizer's updates.
package struct JointGraph: Hashable, Sendable {
  /// Nodes: forward, then backward and updates in a legal order.
  package var graph: Graph
  /// Nodes before this one are forward.
  package var forwardCount: Int
  /// The loss.
  package var loss: Operand
  /// For each input that `wrt` names: its gradient; `nil` where the block does not depend on it.
  package var gradients: [Gradient]
  /// For each parameter that `addUpdates` found a gradient for, in its order: where it is updated.
  package internal(set) var updates: [Update] = []
  /// What workers exchange, in the order of the nodes.
  package internal(set) var exchanges: [Exchanged] = []

  /// The gradient of the loss with respect to one input.
  package struct Gradient: Hashable, Sendable {
    /// The index of the input.
    package let input: Int
    /// A backward node's value, of the input's shape and type; `nil` where the block does not
    /// depend on the input.
    package let value: Operand?

    /// The gradient of this input.
    package init(input: Int, value: Operand?) {
      self.input = input
      self.value = value
    }
  }

  /// A node that exchanges what belongs to some inputs.
  package struct Exchanged: Hashable, Sendable {
    /// The node.
    package let node: Int
    /// The parameter, or state, of each operand, as an index of an input.
    package let inputs: [Int]
  }

  /// Where one parameter is updated in place.
  package struct Update: Hashable, Sendable {
    // A deep network has thousands.
    private let (inputNumber, nodeNumber): (Int32, Int32)
    /// Below 0 for none.
    private let accumulatorNumber: Int32
    private let (firstMoment, momentCount): (Int32, Int32)

    init(input: Int, accumulator: Int?, moments: Range<Int>, node: Int) {
      (inputNumber, nodeNumber) = (Int32(input), Int32(node))
      accumulatorNumber = accumulator.map(Int32.init) ?? -1
      (firstMoment, momentCount) = (Int32(moments.lowerBound), Int32(moments.count))
    }

    /// The parameter, as an index of an input.
    package var input: Int { Int(inputNumber) }
    /// The sum of its gradients so far, where the step is of a group of micro-batches, as an index
    /// of an input.
    package var accumulator: Int? { accumulatorNumber < 0 ? nil : Int(accumulatorNumber) }
    /// Its moments, in the rule's order, as indices of inputs.
    package var moments: Range<Int> { Int(firstMoment)..<Int(firstMoment + momentCount) }
    /// The update node; in a micro-batch before the last, the node that adds to the sum; where
    /// another worker updates it, the node that sends the gradient there.
    package var node: Int { Int(nodeNumber) }
  }

  /// A joint graph without updates; the nodes before `forwardCount` are forward.
  package init(graph: Graph, forwardCount: Int, loss: Operand, gradients: [Gradient]) {
    self.graph = graph
    self.forwardCount = forwardCount
    self.loss = loss
    self.gradients = gradients
  }
}
