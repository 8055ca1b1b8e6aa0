import Tensors

extension Operation: CustomStringConvertible {
  /// The name, with the attributes in brackets: `sum(axes: [0], keepdims: true)`, `relu`.
  package var description: String {
    let attributes = self.attributes.joined(separator: ", ")
    return attributes.isEmpty ? name : "\(name)(\(attributes))"
  }

  private var attributes: [String] {
    switch self {
    case .unary, .unaryAdjoint, .binary, .select, .crossEntropy, .crossEntropyAdjoint,
      .stopGradient:
      []
    case .scalar(_, let number, let numberFirst):
      [numberFirst ? "\(number), _" : "_, \(number)"]
    case .clip(let low, let high), .clipAdjoint(let low, let high):
      ["low: \(low)", "high: \(high)"]
    case .cast(let dtype):
      ["\(dtype)"]
    case .broadcast(let shape):
      ["\(shape)"]
    case .matmul(let left, let right):
      (left ? ["left transposed"] : []) + (right ? ["right transposed"] : [])
    case .reduce(_, let axes, let keepDims):
      ["axes: \(axes)"] + keep(keepDims)
    case .argReduce(_, let axis), .concat(let axis), .take(let axis), .softmax(let axis),
      .softmaxAdjoint(let axis), .logSoftmax(let axis), .logSoftmaxAdjoint(let axis):
      ["axis: \(axis)"]
    case .permute(let order):
      ["\(order)"]
    case .slice(let slices), .unslice(let slices, _):
      slices.map { "\($0)" }
    case .takeAdjoint(let axis, let shape):
      ["axis: \(axis)", "shape: \(shape)"]
    case .oneHot(let classes, let dtype):
      ["\(classes)", "\(dtype)"]
    case .logSumExp(let axis, let keepDims):
      ["axis: \(axis)"] + keep(keepDims)
    case .layerNorm(let epsilon):
      ["epsilon: \(epsilon)"]
    case .layerNormAdjoint(let parts):
      parts.map(\.rawValue)
    case .normalize(.group(let groups), let epsilon):
      ["groups: \(groups)", "epsilon: \(epsilon)"]
    case .normalize(_, let epsilon):
      ["epsilon: \(epsilon)"]
    case .normalizeAdjoint(.group(let groups), let parts):
      ["groups: \(groups)"] + parts.map(\.rawValue)
    case .normalizeAdjoint(_, let parts):
      parts.map(\.rawValue)
    case .attention(let form):
      words(form)
    case .attentionAdjoint(let form, let parts):
      words(form) + parts.map(\.rawValue)
    case .cell, .cellAdjoint:
      []
    case .dropout(let rate, let site):
      ["\(rate)", "site: \(site)"]
    case .random(.normal, _, _, let site):
      ["site: \(site)"]
    case .random(.uniform(let low, let high), _, _, let site):
      ["\(low)", "\(high)", "site: \(site)"]
    case .fill(let number, _, _):
      ["\(number)"]
    case .range(let start, let step, _, count: _):
      ["start: \(start)", "step: \(step)"]
    case .literal(let numbers, _, _):
      [numbers.prefix(4).map { "\($0)" }.joined(separator: " ") + (numbers.count > 4 ? " …" : "")]
    case .update(let rule):
      ["\(rule)"]
    }
  }

  private func words(_ form: Attention) -> [String] {
    (form.isCausal ? ["causal"] : []) + (form.isMasked ? ["masked"] : [])
      + (form.headsInside ? ["heads inside"] : []) + ["scale: \(form.scale)"]
  }

  private func keep(_ keepDims: Bool) -> [String] { keepDims ? ["keepdims: true"] : [] }
}

extension AxisSlice: CustomStringConvertible {
  /// `start+count`, and `*step` where the step is not 1: `2+3*-1` is entries 2, 1 and 0.
  package var description: String {
    step == 1 ? "\(start)+\(count)" : "\(start)+\(count)*\(step)"
  }
}

extension UpdateRule: CustomStringConvertible {
  /// The rule as the language spells it: `adam(lr: 0.01, …)`.
  package var description: String {
    switch self {
    case .sgd(let rate):
      "sgd(lr: \(rate))"
    case .momentum(let rate, let momentum):
      "momentum(lr: \(rate), momentum: \(momentum))"
    case .adam(let rate, let beta1, let beta2, let epsilon):
      "adam(lr: \(rate), beta1: \(beta1), beta2: \(beta2), epsilon: \(epsilon))"
    case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
      "adamw(lr: \(rate), beta1: \(beta1), beta2: \(beta2), epsilon: \(epsilon), decay: \(decay))"
    }
  }
}
