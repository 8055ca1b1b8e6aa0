extension Graph {
  /// The graph as far as a compiled program depends on it: everything but lines. Two blocks traced
  /// from different lines have one signature where their operations, shapes, names, layers, regions
  /// and marks agree.
  ///
  /// It is a digest (SipHash with a key that is drawn anew for each process) of 64 bits, beside the
  /// numbers of inputs and nodes: that one of a session's million graphs shares it by chance with
  /// one of those that are kept is less likely than a fault of the machine, and a program that is
  /// kept keeps no graph beside it.
  package struct Signature: Hashable, Sendable {
    private let digest: Int
    private let (inputCount, nodeCount): (Int, Int)

    fileprivate init(_ graph: Graph) {
      var digest = Digest()
      digest.add(graph)
      self.digest = digest.value
      (inputCount, nodeCount) = (graph.inputs.count, graph.nodes.count)
    }
  }

  /// Equal for graphs that one compiled program serves.
  package var signature: Signature { Signature(self) }
}

/// A hash of all that a graph is made of.
private struct Digest {
  private var hasher = Hasher()
  /// Calls of layers that were added, by their numbers.
  private var calls: Set<Int> = []

  var value: Int { hasher.finalize() }

  private mutating func add(_ value: some Hashable) { hasher.combine(value) }

  mutating func add(_ graph: Graph) {
    add(graph.inputs)
    add(graph.nodes.count)
    for node in graph.nodes {
      add(node)
      let call = node.place.call
      add(call?.number)
      if let call { addNew(call) }
    }
    add(graph.result)
    add(graph.outputs)
    add(graph.stateUpdates)
    add(graph.regions)
    add(graph.marks)
    add(graph.reversals)
  }

  /// Adds a call and those around it, each once.
  private mutating func addNew(_ call: LayerCall) {
    guard calls.insert(call.number).inserted else { return }
    add(call)
    if let outer = call.outer { addNew(outer) }
  }

  /// Adds a node without its place.
  private mutating func add(_ node: Node) {
    add(node.operation)
    // 0 and −0 compare equal but compute differently.
    for number in node.operation.numbers { add(number.bitPattern) }
    add(node.operands)
    add(node.results)
    add(node.region)
    add(node.differentiates)
    add(node.name)
  }
}

extension Operation {
  /// The floating-point attributes, in order.
  var numbers: [Double] {
    switch self {
    case .scalar(_, let number, numberFirst: _): [number]
    case .clip(let low, let high), .clipAdjoint(let low, let high): [low, high]
    case .layerNorm(let epsilon): [epsilon]
    case .normalize(_, let epsilon): [epsilon]
    case .attention(let form), .attentionAdjoint(let form, _): [form.scale]
    case .crossEntropy(let labels), .crossEntropyAdjoint(let labels),
      .linearCrossEntropy(let labels, pieces: _),
      .linearCrossEntropyAdjoint(_, let labels, pieces: _):
      [labels.smoothing]
    case .pairLoss(let loss), .pairLossAdjoint(let loss): [loss.delta]
    case .dropout(let rate, site: _): [rate]
    case .random(.uniform(let low, let high), _, _, site: _): [low, high]
    case .fill(let number, _, _): [number]
    case .range(let start, let step, _, count: _): [start, step]
    case .literal(let numbers, _, _): numbers
    case .update(let rule, let limit, isScaled: _): rule.numbers + [limit]
    case .gradientScale(let norm, let limit, let lossScale): [norm, limit, lossScale ?? 0]
    case .pad(_, let number): [number]
    case .conv2d, .conv2dTranspose, .conv2dWeights, .maxPool, .maxPoolAdjoint, .averagePool,
      .averagePoolAdjoint:
      []
    case .stopGradient, .unary, .unaryAdjoint, .binary, .select, .cast, .broadcast, .matmul,
      .reduce, .argReduce,
      .permute, .concat, .slice, .unslice, .take, .takeAdjoint, .oneHot, .gather,
      .gatherAdjoint, .topIndices, .cumulativeSum, .triangle, .softmax,
      .softmaxAdjoint, .logSoftmax, .logSoftmaxAdjoint, .logSumExp,
      .normalizeAdjoint, .cell, .cellAdjoint,
      .accumulate, .exchange, .layerNormAdjoint, .random(.normal, _, _, site: _):
      []
    }
  }
}

extension UpdateRule {
  /// The rates, in order.
  package var numbers: [Double] {
    switch self {
    case .sgd(let rate, let momentum, isNesterov: _, let decay): [rate, momentum, decay]
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay),
      .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
      [rate, beta1, beta2, epsilon, decay]
    case .rmsprop(let rate, let alpha, let epsilon, let momentum, let decay):
      [rate, alpha, epsilon, momentum, decay]
    case .adagrad(let rate, let epsilon, let rateDecay, let decay):
      [rate, epsilon, rateDecay, decay]
    case .lion(let rate, let beta1, let beta2, let decay): [rate, beta1, beta2, decay]
    case .adafactor(let rate, let power, let epsilon, let threshold, let decay):
      [rate, power, epsilon, threshold, decay]
    }
  }
}
