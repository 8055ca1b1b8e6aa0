package import Gradients
package import Graphs

/// Every rule, some several times: with what changes its formula or what it keeps.
package enum UpdateRules {
  package static let all: [UpdateRule] = [
    .sgd(rate: 0.05), .sgd(rate: 0.05, decay: 0.02), .sgd(rate: 0.05, momentum: 0.9),
    .sgd(rate: 0.05, momentum: 0.9, isNesterov: true, decay: 0.02),
    .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.02),
    .adamW(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1),
    .rmsprop(rate: 0.01, alpha: 0.9, epsilon: 1e-8),
    .rmsprop(rate: 0.01, alpha: 0.9, epsilon: 1e-8, momentum: 0.5, decay: 0.02),
    .adagrad(rate: 0.05, epsilon: 1e-10),
    .adagrad(rate: 0.05, epsilon: 1e-10, rateDecay: 0.1, decay: 0.02),
    .lion(rate: 0.001, beta1: 0.9, beta2: 0.99, decay: 0.1),
    .adafactor(rate: 0.05, power: 0.8, epsilon: 1e-3, threshold: 1, decay: 0.02),
  ]

  /// Plans of updates with a rule: as gradients come, bounded, at the end, and of a group's parts.
  package static func plans(_ rule: UpdateRule) -> [UpdatePlan] {
    [
      UpdatePlan(rule), UpdatePlan(rule, clipping: Clipping(value: 0.01)),
      UpdatePlan(rule, isAtEnd: true),
      UpdatePlan(rule, clipping: Clipping(norm: 0.05, value: 0.02)),
      UpdatePlan(rule, part: .early), UpdatePlan(rule, part: .last),
      UpdatePlan(rule, clipping: Clipping(norm: 0.05), part: .last),
    ]
  }
}
