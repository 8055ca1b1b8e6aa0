package import Graphs

/// An optimizer: a rule, and what it remembers of each parameter.
package final class Optimizer {
  package let rule: UpdateRule
  /// `adam(lr: 0.01)`
  package let spelling: String
  /// Moments of each parameter it has updated.
  var moments: [ObjectIdentifier: [TensorValue]] = [:]
  /// The parameters that `moments` names, so that they live as long.
  var parameters: [TensorValue] = []
  /// Updates made so far.
  package internal(set) var updateCount = 0
  /// The command whose undo record has its count already.
  var recordedBy = -1

  init(rule: UpdateRule, spelling: String) {
    self.rule = rule
    self.spelling = spelling
  }

  /// Drops what it remembers of a parameter.
  func forget(_ parameter: TensorValue) {
    moments[ObjectIdentifier(parameter)] = nil
    parameters.removeAll { $0 === parameter }
  }
}
