package import Experiments

/// What `gradient` gives: the loss, and a gradient for each thing that `wrt` names.
package final class GradientsValue: Owned {
  /// One gradient.
  package struct Entry {
    /// As a learner names it: `layers[0].w`, `x`.
    package let name: String
    /// What it is the gradient of; parameters and tensors are found by identity.
    package let target: TensorValue
    /// Of the shape and type of `target`.
    package let gradient: TensorValue
  }
  /// One number, as the block gave it.
  package let loss: TensorValue
  /// In the order of `wrt`.
  package let entries: [Entry]
  /// The schedule that ran; `nil` for what was computed from gradients.
  package let plan: Plan?
  /// What came out of the block beside the loss, where it ended in a list.
  package let outputs: [Value]

  /// `entries` in the order of `wrt`; without `plan` where they were computed from other gradients.
  package init(loss: TensorValue, entries: [Entry], plan: Plan?, outputs: [Value] = []) {
    self.loss = loss
    self.entries = entries
    self.plan = plan
    self.outputs = outputs
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    visit(loss)
    for entry in entries {
      visit(entry.target)
      visit(entry.gradient)
    }
    for output in outputs { if let part = output.owned { visit(part) } }
  }
}
