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
  /// The schedule that ran.
  package let plan: Plan

  package init(loss: TensorValue, entries: [Entry], plan: Plan) {
    self.loss = loss
    self.entries = entries
    self.plan = plan
  }
}
