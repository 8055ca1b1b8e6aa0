import Tensors

extension Operation: CustomStringConvertible {
  /// The name, with the attributes in brackets: `sum(axes: [0], keepdims: true)`, `relu`.
  package var description: String {
    let attributes = self.attributes.joined(separator: ", ")
    return attributes.isEmpty ? name : "\(name)(\(attributes))"
  }

  private var attributes: [String] {
    switch self {
    case .unary, .unaryAdjoint, .binary, .select, .stopGradient:
      []
    case .crossEntropy(let labels), .crossEntropyAdjoint(let labels): shown(labels)
    case .linearCrossEntropy(let labels, let pieces): ["pieces: \(pieces)"] + shown(labels)
    case .linearCrossEntropyAdjoint(let parts, let labels, let pieces):
      parts.map(\.rawValue) + ["pieces: \(pieces)"] + shown(labels)
    case .pairLoss(let loss), .pairLossAdjoint(let loss):
      if case .huber(let delta) = loss { ["delta: \(delta)"] } else { [] }
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
    case .conv2d(let convolution):
      convolution.attributes
    case .conv2dTranspose(let convolution, let height, let width),
      .conv2dWeights(let convolution, let height, let width):
      ["\(height)×\(width)"] + convolution.attributes
    case .maxPool(let pooling), .maxPoolAdjoint(let pooling), .averagePool(let pooling):
      pooling.attributes
    case .averagePoolAdjoint(let pooling, let height, let width):
      ["\(height)×\(width)"] + pooling.attributes
    case .pad(let padding, let number):
      padding.map { "\($0.before) \($0.after)" } + ["value: \(number)"]
    case .reduce(_, let axes, let keepDims):
      ["axes: \(axes)"] + keep(keepDims)
    case .argReduce(_, let axis), .concat(let axis), .take(let axis), .softmax(let axis),
      .softmaxAdjoint(let axis), .logSoftmax(let axis), .logSoftmaxAdjoint(let axis):
      ["axis: \(axis)"]
    case .permute(let order):
      ["\(order)"]
    case .slice(let slices), .unslice(let slices, _):
      slices.map { "\($0)" }
    case .gather(let axis):
      ["axis: \(axis)"]
    case .topIndices(let count):
      ["\(count)"]
    case .cumulativeSum(let axis, let reversed):
      ["axis: \(axis)"] + (reversed ? ["reversed"] : [])
    case .triangle(upper: _, let diagonal):
      diagonal == 0 ? [] : ["\(diagonal)"]
    case .takeAdjoint(let axis, let shape), .gatherAdjoint(let axis, let shape):
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
    case .update(let rule, let limit, let isScaled):
      ["\(rule)"] + clip(limit) + (isScaled ? ["scaled"] : [])
    case .gradientScale(let norm, let limit, let lossScale):
      (norm.isFinite ? ["norm: \(norm)"] : []) + clip(limit)
        + (lossScale.map { ["loss scale: \($0)"] } ?? [])
    case .accumulate(let isInPlace):
      isInPlace ? ["in place"] : []
    case .exchange(let exchange): exchange.attributes
    }
  }

  private func words(_ form: Attention) -> [String] {
    (form.isCausal ? ["causal"] : []) + (form.isMasked ? ["masked"] : [])
      + (form.headsInside ? ["heads inside"] : []) + ["scale: \(form.scale)"]
  }

  private func shown(_ labels: LabelRule) -> [String] {
    (labels.smoothing == 0 ? [] : ["smoothing: \(labels.smoothing)"])
      + (labels.ignored.map { ["ignore: \($0)"] } ?? [])
  }

  private func clip(_ limit: Double) -> [String] { limit.isFinite ? ["clip: \(limit)"] : [] }

  private func keep(_ keepDims: Bool) -> [String] { keepDims ? ["keepdims: true"] : [] }
}

extension AxisSlice: CustomStringConvertible {
  /// `start+count`, and `*step` where the step is not 1: `2+3*-1` is entries 2, 1 and 0.
  package var description: String {
    step == 1 ? "\(start)+\(count)" : "\(start)+\(count)*\(step)"
  }
}

extension UpdateRule: CustomStringConvertible {
  /// The rule as the language spells it, options that are 0 left out: `adam(lr: 0.01, …)`.
  package var description: String {
    let (name, options): (String, [(String, Double)]) =
      switch self {
      case .sgd(let rate, let momentum, isNesterov: _, let decay):
        ("sgd", [("lr", rate), ("momentum", momentum), ("decay", decay)])
      case .adam(let rate, let beta1, let beta2, let epsilon, let decay):
        (
          "adam",
          [
            ("lr", rate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon),
            ("decay", decay),
          ]
        )
      case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
        (
          "adamw",
          [
            ("lr", rate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon),
            ("decay", decay),
          ]
        )
      case .rmsprop(let rate, let alpha, let epsilon, let momentum, let decay):
        (
          "rmsprop",
          [
            ("lr", rate), ("alpha", alpha), ("epsilon", epsilon), ("momentum", momentum),
            ("decay", decay),
          ]
        )
      case .adagrad(let rate, let epsilon, let rateDecay, let decay):
        (
          "adagrad",
          [("lr", rate), ("lr_decay", rateDecay), ("epsilon", epsilon), ("decay", decay)]
        )
      case .lion(let rate, let beta1, let beta2, let decay):
        ("lion", [("lr", rate), ("beta1", beta1), ("beta2", beta2), ("decay", decay)])
      case .adafactor(let rate, let power, let epsilon, let threshold, let decay):
        (
          "adafactor",
          [
            ("lr", rate), ("power", power), ("epsilon", epsilon), ("threshold", threshold),
            ("decay", decay),
          ]
        )
      }
    let isNesterov = if case .sgd(_, momentum: _, true, decay: _) = self { true } else { false }
    let shown = options.enumerated().filter { $0.offset == 0 || $0.element.1 != 0 }
      .map { "\($0.element.0): \($0.element.1)" }
    return "\(name)(\((shown + (isNesterov ? ["nesterov: true"] : [])).joined(separator: ", ")))"
  }
}
