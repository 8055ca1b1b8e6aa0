/// How a parameter is updated from its gradient. `t` is the number of the update from 1, given at
/// run time.
package enum UpdateRule: Hashable, Sendable {
  /// p ← p − lr·g
  case sgd(rate: Double)
  /// v ← μ·v + g; p ← p − lr·v (one moment)
  case momentum(rate: Double, momentum: Double)
  /// Kingma & Ba 2015 with bias correction (two moments: m, v).
  case adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double)
  /// Loshchilov & Hutter 2019: Adam with p ← p − lr·decay·p besides.
  case adamW(rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double)

  /// The learning rate.
  package var rate: Double {
    switch self {
    case .sgd(let rate), .momentum(let rate, momentum: _),
      .adam(let rate, beta1: _, beta2: _, epsilon: _),
      .adamW(let rate, beta1: _, beta2: _, epsilon: _, decay: _):
      rate
    }
  }

  /// The same rule with another learning rate.
  package func with(rate: Double) -> UpdateRule {
    switch self {
    case .sgd: .sgd(rate: rate)
    case .momentum(_, let momentum): .momentum(rate: rate, momentum: momentum)
    case .adam(_, let beta1, let beta2, let epsilon):
      .adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      .adamW(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay)
    }
  }

  /// Tensors of the parameter's shape that it keeps from update to update.
  package var momentCount: Int {
    switch self {
    case .sgd: 0
    case .momentum: 1
    case .adam, .adamW: 2
    }
  }
}
