import Foundation
import Graphs
import Tensors

/// The adjoint rules of adjoint operations, which a gradient inside a block leaves in its forward
/// pass: second derivatives (Griewank & Walther 2008, chapter 5, reverse over reverse), in plain
/// operations, so that they can be differentiated again.
extension Differentiator {
  /// g · f′(s): to g what the operation itself makes of the adjoint, to s adjoint · g · f″(s).
  mutating func differentiateAdjoint(
    of function: Unary, _ node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (g, saved) = (node.operands[0], node.operands[1])
    let adjoint = adjoint.reshaped(saved.shape)
    if wants(0, of: node) {
      try contribute(try emit(.unaryAdjoint(function), [adjoint, saved]), to: g)
    }
    guard wants(1, of: node), let slope = try secondSlope(of: function, saved) else { return }
    let both = try product(adjoint, g.reshaped(saved.shape))
    try contribute(try product(both, slope), to: saved)
  }

  /// How f′, as a function of what its rule saves, changes with it; `nil` where it is 0 almost
  /// everywhere.
  private mutating func secondSlope(
    of function: Unary, _ s: Operand
  ) throws(GradientError) -> Operand? {
    switch function {
    case .negate, .relu, .abs: return nil
    case .square: return try emit(.fill(2, s.dtype, s.shape), [])
    // Of the result: f′ is s, 1 / 2s, 1 − s², s · (1 − s).
    case .exp: return try emit(.fill(1, s.dtype, s.shape), [])
    case .sqrt: return try times(-0.5, try power(s, -2))
    case .tanh: return try times(-2, s)
    case .sigmoid: return try oneLess(try times(2, s))
    // Of the operand: f′ is 1 / s, cos s, −sin s, σ(s).
    case .log: return try times(-1, try power(s, -2))
    case .sin: return try times(-1, try emit(.unary(.sin), [s]))
    case .cos: return try times(-1, try emit(.unary(.cos), [s]))
    case .softplus:
      let sigmoid = try emit(.unary(.sigmoid), [s])
      return try emit(.binary(.multiply), [sigmoid, try oneLess(sigmoid)])
    case .silu:
      // σ · (1 − σ) · (2 + s · (1 − 2σ))
      let sigmoid = try emit(.unary(.sigmoid), [s])
      let slope = try emit(.binary(.multiply), [sigmoid, try oneLess(sigmoid)])
      let turn = try emit(.binary(.multiply), [s, try oneLess(try times(2, sigmoid))])
      let rest = try emit(.scalar(.add, 2, numberFirst: false), [turn])
      return try emit(.binary(.multiply), [slope, rest])
    case .gelu:
      // φ(s) · (2 − s²), φ the density of the normal distribution.
      let square = try emit(.unary(.square), [s])
      let bell = try emit(.unary(.exp), [try times(-0.5, square)])
      let rest = try emit(.scalar(.subtract, 2, numberFirst: true), [square])
      return try times(
        1 / (2 * Double.pi).squareRoot(), try emit(.binary(.multiply), [bell, rest]))
    }
  }

  /// s · (g − c) with c = Σ g · s along the axis, which is linear in g and its own transpose; to s:
  /// adjoint · (g − c) − g · Σ adjoint · s.
  mutating func differentiateSoftmaxAdjoint(
    _ node: Node, axis: Int, adjoint: Operand
  ) throws(GradientError) {
    let (g, s) = (node.operands[0], node.operands[1])
    let adjoint = adjoint.reshaped(s.shape)
    if wants(0, of: node) {
      try contribute(try emit(node.operation, [adjoint, s]), to: g)
    }
    guard wants(1, of: node) else { return }
    let centred = try emit(.binary(.subtract), [g, try sum(of: g, s, along: axis)])
    let first = try emit(.binary(.multiply), [adjoint, centred])
    let second = try emit(.binary(.multiply), [g, try sum(of: adjoint, s, along: axis)])
    try contribute(try emit(.binary(.subtract), [first, second]), to: s)
  }

  /// g − e^l · Σ g along the axis; to g: adjoint − Σ adjoint · e^l; to l: −adjoint · e^l · Σ g.
  mutating func differentiateLogSoftmaxAdjoint(
    _ node: Node, axis: Int, adjoint: Operand
  ) throws(GradientError) {
    let (g, l) = (node.operands[0], node.operands[1])
    let adjoint = adjoint.reshaped(l.shape)
    let softmax = try emit(.unary(.exp), [l])
    let weighted = try product(adjoint, softmax)
    let along = Operation.reduce(.sum, axes: [axis], keepDims: true)
    if wants(0, of: node) {
      let part = try emit(.binary(.subtract), [adjoint, try emit(along, [weighted])])
      try contribute(part, to: g)
    }
    guard wants(1, of: node) else { return }
    let part = try emit(.binary(.multiply), [weighted, try emit(along, [g])])
    try contribute(try negated(part), to: l)
  }

  /// g · (softmax − target) / rows, of which the softmax alone depends on the logits; 0 in rows
  /// that do not count.
  mutating func differentiateCrossEntropyAdjoint(
    _ node: Node, _ rule: LabelRule, adjoint: Operand
  ) throws(GradientError) {
    let (g, logits, labels) = (node.operands[0], node.operands[1], node.operands[2])
    let adjoint = adjoint.reshaped(logits.shape)
    if wants(0, of: node) {
      let one = try emit(.fill(1, g.dtype, g.shape), [])
      let slope = try emit(node.operation, [one, logits, labels])
      let axes = Array(0..<logits.shape.rank)
      let sum = try emit(
        .reduce(.sum, axes: axes, keepDims: false), [try product(adjoint, slope)])
      try contribute(sum.reshaped(g.shape), to: g)
    }
    guard wants(1, of: node) else { return }
    let axis = logits.shape.rank - 1
    let softmax = try emit(.softmax(axis: axis), [logits])
    let part = try emit(.softmaxAdjoint(axis: axis), [adjoint, softmax])
    let weight = try rowWeight(g, labels, rule)
    try contribute(try times(try cast(part, to: g.dtype), weight), to: logits)
  }

  /// What the slopes of a cross entropy are multiplied by in each row: g / rows, and 0 where the
  /// row does not count; a scalar where all do, else [n…, 1].
  mutating func rowWeight(
    _ g: Operand, _ labels: Operand, _ rule: LabelRule
  ) throws(GradientError) -> Operand {
    guard let ignored = rule.ignored else {
      return try divided(g.reshaped(.scalar), by: Double(max(labels.shape.count, 1)))
    }
    let counts = try emit(.scalar(.notEqual, Double(ignored), numberFirst: false), [labels])
    let ones = try cast(counts, to: g.dtype)
    let axes = Array(0..<labels.shape.rank)
    let rows = try emit(.reduce(.sum, axes: axes, keepDims: false), [ones])
    let share = try emit(.binary(.divide), [g.reshaped(.scalar), rows])
    return try times(ones, share).reshaped(Shape(labels.shape.axes + [1]))
  }

  /// Σ a · b along an axis, which stays with length 1.
  private mutating func sum(
    of a: Operand, _ b: Operand, along axis: Int
  ) throws(GradientError) -> Operand {
    try emit(
      .reduce(.sum, axes: [axis], keepDims: true), [try emit(.binary(.multiply), [a, b])])
  }

  /// The value times a number.
  mutating func times(
    _ number: Double, _ operand: Operand
  ) throws(GradientError) -> Operand {
    try emit(.scalar(.multiply, number, numberFirst: false), [operand])
  }

  private mutating func power(
    _ operand: Operand, _ exponent: Double
  ) throws(GradientError) -> Operand {
    try emit(.scalar(.power, exponent, numberFirst: false), [operand])
  }

  /// 1 − x.
  mutating func oneLess(_ operand: Operand) throws(GradientError) -> Operand {
    try emit(.scalar(.subtract, 1, numberFirst: true), [operand])
  }
}
