package import Graphs

/// Forward nodes followed by the backward nodes that differentiation added and, in training, the optimizer's updates.
package struct JointGraph: Sendable {
  /// Nodes: forward, then backward and updates in a legal order.
  package var graph: Graph
  /// Nodes before this one are forward.
  package var forwardCount: Int
  /// The loss.
  package var loss: Operand
  /// For each input that `wrt` names: its gradient; `nil` where the block does not depend on it.
  package var gradients: [Gradient]

  package struct Gradient: Sendable {
    package let input: Int
    package let value: Operand?

    package init(input: Int, value: Operand?) {
      self.input = input
      self.value = value
    }
  }

  package init(graph: Graph, forwardCount: Int, loss: Operand, gradients: [Gradient]) {
    self.graph = graph
    self.forwardCount = forwardCount
    self.loss = loss
    self.gradients = gradients
  }
}
