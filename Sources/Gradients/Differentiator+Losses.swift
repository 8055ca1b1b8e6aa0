import Graphs
import Tensors

/// The adjoint rules of losses.
extension Differentiator {
  /// Of pairs: the rule reads both; what flows to the second follows from the first where the loss
  /// is of their difference, and is −a where it is a logit's.
  mutating func differentiatePairLoss(
    _ loss: PairLoss, _ node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (a, b) = (node.operands[0], node.operands[1])
    let g = adjoint.reshaped(.scalar)
    let isOfDifference = loss != .binaryCrossEntropy
    var slope: Operand?
    if wants(0, of: node) || isOfDifference {
      slope = try emit(.pairLossAdjoint(loss), [g, a, b])
    }
    if wants(0, of: node), let slope { try contribute(slope, to: a) }
    guard wants(1, of: node) else { return }
    if isOfDifference, let slope {
      try contribute(try negated(slope), to: b)
    } else {
      let share = try divided(try negated(g), by: Double(max(a.shape.count, 1)))
      try contribute(try emit(.binary(.multiply), [a, share]), to: b)
    }
  }

  /// The rule reads x, the weights, the labels, and of each row the logarithm of the sum of
  /// exponentials. To that an adjoint h comes where a gradient inside the block has read it: h ·
  /// softmax is the adjoint of the logits then.
  mutating func differentiateLinearCrossEntropy(
    _ index: Int, _ labels: LabelRule, pieces: Int, adjoints: [Operand?]
  ) throws(GradientError) {
    let node = builder.graph.nodes[index]
    let sums = builder.graph.value(index, result: 1)
    let parts = ProductPart.allCases.enumerated().filter { wants($0.offset, of: node) }
    guard !parts.isEmpty else { return }
    if let other = adjoints[1] {
      let (x, w) = (node.operands[0], node.operands[1])
      let softmax = try softmax(x, w, sums)
      let column = other.reshaped([sums.shape.count, 1])
      let slopes = try times(try cast(column, to: softmax.dtype), softmax)
      let contributions = try productAdjoints(parts.map(\.element), slopes, x, w)
      for (part, contribution) in zip(parts, contributions) {
        try contribute(contribution, to: node.operands[part.offset])
      }
    }
    guard let adjoint = adjoints[0] else { return }
    let contributions = try emitAll(
      .linearCrossEntropyAdjoint(parts.map(\.element), labels, pieces: pieces),
      [adjoint.reshaped(.scalar)] + node.operands + [sums])
    for (part, contribution) in zip(parts, contributions) {
      try contribute(contribution, to: node.operands[part.offset])
    }
  }

  /// What `pairLossAdjoint` gives, of its operands g, a, b: g / n times (a's slope of one pair).
  mutating func pairLossFormula(
    _ loss: PairLoss, _ operands: [Operand]
  ) throws(GradientError) -> Operand {
    let (a, b) = (operands[1], operands[2])
    let share = try divided(operands[0], by: Double(max(a.shape.count, 1)))
    let slope: Operand
    switch loss {
    case .binaryCrossEntropy: slope = try minus(try emit(.unary(.sigmoid), [a]), b)
    case .huber(let delta):
      slope = try emit(.clip(low: -delta, high: delta), [try minus(a, b)])
    case .absolute:
      // The sign of the difference, which is constant almost everywhere.
      let above = try cast(try emit(.binary(.greater), [a, b]), to: a.dtype)
      let below = try cast(try emit(.binary(.less), [a, b]), to: a.dtype)
      slope = try minus(above, below)
    }
    return try times(try cast(slope, to: share.dtype), share)
  }

  /// What `linearCrossEntropyAdjoint` gives, of its operands g, x, w, labels and the logarithms of
  /// the sums of exponentials: the logits are held at once here.
  mutating func linearCrossEntropyFormula(
    _ parts: [ProductPart], _ rule: LabelRule, _ operands: [Operand]
  ) throws(GradientError) -> [Operand] {
    let (x, w, sums) = (operands[1], operands[2], operands[4])
    let labels = operands[3].reshaped([operands[3].shape.count])
    let softmax = try softmax(x, w, sums)
    var classes = labels
    if let ignored = rule.ignored {
      // Such a label may be no class.
      let counts = try emit(.scalar(.notEqual, Double(ignored), numberFirst: false), [labels])
      classes = try times(labels, try cast(counts, to: labels.dtype))
    }
    let count = w.shape[1]
    let hot = try emit(.oneHot(classes: count, softmax.dtype), [classes])
    let target = try emit(
      .scalar(.add, rule.smoothing / Double(count), numberFirst: false),
      [try times(1 - rule.smoothing, hot)])
    let weight = try rowWeight(try cast(operands[0], to: softmax.dtype), labels, rule)
    return try productAdjoints(parts, try times(try minus(softmax, target), weight), x, w)
  }

  /// The softmax of x @ w, [rows, classes], from the logarithms of its sums of exponentials, in
  /// their type.
  private mutating func softmax(
    _ x: Operand, _ w: Operand, _ sums: Operand
  ) throws(GradientError) -> Operand {
    let rows = try cast(x.reshaped([sums.shape.count, w.shape[0]]), to: sums.dtype)
    let logits = try matrices(rows, try cast(w, to: sums.dtype))
    return try emit(.unary(.exp), [try minus(logits, sums.reshaped([sums.shape.count, 1]))])
  }

  /// The adjoints of some operands of x @ w, from that of the product, [rows, classes].
  private mutating func productAdjoints(
    _ parts: [ProductPart], _ adjoint: Operand, _ x: Operand, _ w: Operand
  ) throws(GradientError) -> [Operand] {
    var results: [Operand] = []
    for part in parts {
      switch part {
      case .x:
        let product = try matrices(
          adjoint, try cast(w, to: adjoint.dtype), transposeRight: true)
        results.append(product.reshaped(x.shape))
      case .w:
        let rows = x.reshaped([adjoint.shape[0], w.shape[0]])
        results.append(
          try matrices(try cast(rows, to: adjoint.dtype), adjoint, transposeLeft: true))
      }
    }
    return results
  }
}
