package import Tensors

/// How a parameter p is updated from its gradient g. `t` is the number of the update from 1, given
/// at run time; where a rule has a `decay` λ, g is g + λ·p, unless it says otherwise. Formulas and
/// names of options are PyTorch's, where it has the rule.
package enum UpdateRule: Hashable, Sendable {
  /// p ← p − lr·g; with a momentum μ (Polyak 1964; one moment), v ← μ·v + g and p ← p − lr·v; with
  /// `isNesterov` (Sutskever et al. 2013), p ← p − lr·(g + μ·v).
  case sgd(rate: Double, momentum: Double = 0, isNesterov: Bool = false, decay: Double = 0)
  /// Kingma & Ba 2015 with bias correction (two moments: m, v).
  case adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double = 0)
  /// Loshchilov & Hutter 2019: Adam with p ← p − lr·λ·p instead of a changed gradient.
  case adamW(rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double)
  /// Tieleman & Hinton 2012: v ← α·v + (1 − α)·g²; p ← p − lr·u with u = g / (√v + ε). With a
  /// momentum μ (a second moment), b ← μ·b + u and p ← p − lr·b.
  case rmsprop(
    rate: Double, alpha: Double, epsilon: Double, momentum: Double = 0, decay: Double = 0)
  /// Duchi et al. 2011: s ← s + g²; p ← p − lr·g / ((1 + (t − 1)·rateDecay)·(√s + ε)).
  case adagrad(rate: Double, epsilon: Double, rateDecay: Double = 0, decay: Double = 0)
  /// Chen et al. 2023: p ← p − lr·(sign(β₁·m + (1 − β₁)·g) + λ·p); m ← β₂·m + (1 − β₂)·g.
  case lion(rate: Double, beta1: Double, beta2: Double, decay: Double = 0)
  /// Shazeer & Stern 2018, algorithms 4 and 5 without a first moment, as PyTorch computes them. The
  /// second moment of a matrix is that of its rows times that of its columns, over the mean of the
  /// rows': two vectors are kept. Of other tensors it is kept whole.
  ///
  /// With β = 1 − t^−power, û = g / √v, u = û / max(1, RMS(û) / threshold):
  /// p ← p − lr·λ·p − max(ε, RMS(p)) · min(lr, 1/√t) · u.
  case adafactor(rate: Double, power: Double, epsilon: Double, threshold: Double, decay: Double = 0)

  /// The learning rate.
  package var rate: Double {
    switch self {
    case .sgd(let rate, momentum: _, isNesterov: _, decay: _),
      .adam(let rate, beta1: _, beta2: _, epsilon: _, decay: _),
      .adamW(let rate, beta1: _, beta2: _, epsilon: _, decay: _),
      .rmsprop(let rate, alpha: _, epsilon: _, momentum: _, decay: _),
      .adagrad(let rate, epsilon: _, rateDecay: _, decay: _),
      .lion(let rate, beta1: _, beta2: _, decay: _),
      .adafactor(let rate, power: _, epsilon: _, threshold: _, decay: _):
      rate
    }
  }

  /// The same rule with another learning rate.
  package func with(rate: Double) -> UpdateRule {
    switch self {
    case .sgd(_, let momentum, let isNesterov, let decay):
      .sgd(rate: rate, momentum: momentum, isNesterov: isNesterov, decay: decay)
    case .adam(_, let beta1, let beta2, let epsilon, let decay):
      .adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      .adamW(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay)
    case .rmsprop(_, let alpha, let epsilon, let momentum, let decay):
      .rmsprop(rate: rate, alpha: alpha, epsilon: epsilon, momentum: momentum, decay: decay)
    case .adagrad(_, let epsilon, let rateDecay, let decay):
      .adagrad(rate: rate, epsilon: epsilon, rateDecay: rateDecay, decay: decay)
    case .lion(_, let beta1, let beta2, let decay):
      .lion(rate: rate, beta1: beta1, beta2: beta2, decay: decay)
    case .adafactor(_, let power, let epsilon, let threshold, let decay):
      .adafactor(
        rate: rate, power: power, epsilon: epsilon, threshold: threshold, decay: decay)
    }
  }

  /// The shapes of the tensors that it keeps of a parameter of this shape from update to update;
  /// all are zeros at first.
  package func moments(of shape: Shape) -> [Shape] {
    switch self {
    case .sgd(_, let momentum, isNesterov: _, decay: _): momentum == 0 ? [] : [shape]
    case .adam, .adamW: [shape, shape]
    case .rmsprop(_, alpha: _, epsilon: _, let momentum, decay: _):
      momentum == 0 ? [shape] : [shape, shape]
    case .adagrad, .lion: [shape]
    case .adafactor:
      shape.rank < 2
        ? [shape]
        : [
          Shape(Array(shape.axes.dropLast())),
          Shape(shape.axes.dropLast(2) + [shape[shape.rank - 1]]),
        ]
    }
  }
}
