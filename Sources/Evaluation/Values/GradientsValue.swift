package import Experiments

/// What `gradient` gives: the loss, and a gradient for each thing that `wrt` names.
package final class GradientsValue {
  package struct Entry {
    /// As a learner names it: `layers[0].w`, `x`.
    package let name: String
    /// What it is the gradient of; parameters and tensors are found by identity.
    package let target: TensorValue
    package let gradient: TensorValue
  }
  package let loss: TensorValue
  package let entries: [Entry]
  /// The schedule that ran; `nil` for what was computed from gradients.
  package let plan: Plan?
  /// What came out of the block beside the loss, where it ended in a list.
  package let outputs: [Value]

  package init(loss: TensorValue, entries: [Entry], plan: Plan?, outputs: [Value] = []) {
    self.loss = loss
    self.entries = entries
    self.plan = plan
    self.outputs = outputs
  }
}
