package import Graphs
package import Tensors

/// A traced block: what every experiment works on. It knows nothing of the language it was written
/// in.
///
/// What varies from run to run is said by the kinds of the graph's inputs: `constant` inputs never
/// do.
package struct TracedBlock {
  /// One thing that a gradient is taken with respect to.
  package struct Target {
    /// As a learner names it: `layers[0].w`, `x`.
    package let name: String
    /// Its number among the graph's inputs, which it is among whether the block uses it or not.
    package let input: Int
    /// The shape of its gradient.
    package let shape: Shape
    /// The type of its gradient.
    package let dtype: DType

    /// A target, unchecked.
    package init(name: String, input: Int, shape: Shape, dtype: DType) {
      self.name = name
      self.input = input
      self.shape = shape
      self.dtype = dtype
    }
  }

  /// What the block computes; its result is the loss.
  package let graph: Graph
  /// The tensors behind the graph's inputs, in their order; those of sketches are missing.
  package var inputs: [Tensor]
  /// What gradients are taken with respect to, in the learner's order.
  package let targets: [Target]
  /// Names of the states that get a new value, in the order of `graph.stateUpdates`.
  package let states: [String]
  /// What inputs without tensors would take: such a block can be rehearsed and not be run.
  package let sketched: Account

  /// A block whose inputs all have tensors, unless `sketched` says otherwise.
  package init(
    graph: Graph, inputs: [Tensor], targets: [Target], states: [String],
    sketched: Account = Account()
  ) {
    self.graph = graph
    self.inputs = inputs
    self.targets = targets
    self.states = states
    self.sketched = sketched
  }
}
