import Foundation
import Graphs
import Tensors

/// The adjoint rules of functions of two elements.
extension Differentiator {
  /// The value divided by a number; a fill where it is one.
  mutating func divided(_ operand: Operand, by number: Double) throws(GradientError) -> Operand {
    if let constant = constant(operand) {
      return try emit(.fill(constant / number, operand.dtype, operand.shape), [])
    }
    return try emit(.scalar(.divide, number, numberFirst: false), [operand])
  }

  /// Tensor with tensor: each contribution is summed over the axes that its operand was stretched
  /// along.
  mutating func differentiate(
    _ function: Binary, _ node: Node, value: Operand, adjoint: Operand
  ) throws(GradientError) {
    let (a, b) = (node.operands[0], node.operands[1])
    let (wantsA, wantsB) = (wants(0, of: node), wants(1, of: node))
    switch function {
    case .add, .subtract:
      if wantsA { try contribute(try collected(adjoint, to: a.shape), to: a) }
      if wantsB {
        let part = try collected(adjoint, to: b.shape)
        try contribute(function == .subtract ? try negated(part) : part, to: b)
      }
    case .multiply:
      if a == b {
        // Wanted, or no adjoint would have come here.
        try contribute(try squareAdjoint(adjoint, a), to: a)
        return
      }
      if wantsA { try contribute(try collected(try product(adjoint, b), to: a.shape), to: a) }
      if wantsB { try contribute(try collected(try product(adjoint, a), to: b.shape), to: b) }
    case .divide:
      // d(a/b) = da/b − db·(a/b)/b
      let quotient = try emit(.binary(.divide), [adjoint, b])
      if wantsA { try contribute(try collected(quotient, to: a.shape), to: a) }
      if wantsB {
        let part =
          holds(value) && !holds(a)
          ? try product(quotient, value)
          : try emit(.binary(.divide), [try product(quotient, a), b])
        try contribute(try negated(try collected(part, to: b.shape)), to: b)
      }
    case .remainder:
      // a % b = a − b·⌊a/b⌋, and ⌊a/b⌋ is constant almost everywhere.
      if wantsA { try contribute(try collected(adjoint, to: a.shape), to: a) }
      if wantsB {
        let quotient = try emit(.binary(.floorDivide), [a, b])
        let part = try collected(try product(adjoint, quotient), to: b.shape)
        try contribute(try negated(part), to: b)
      }
    case .power:
      if wantsA { try differentiateBase(a, exponent: b, adjoint: adjoint) }
      if wantsB { try differentiateExponent(b, base: a, value: value, adjoint: adjoint) }
    case .minimum, .maximum:
      let first: Binary = function == .maximum ? .greater : .less
      let tie = try emit(.binary(.equal), [a, b])
      let half = try scaled(adjoint, by: 0.5)
      let zero = try zero(adjoint.dtype)
      let shared = try emit(.select, [tie, half, zero])
      if wantsA {
        let wins = try emit(.binary(first), [a, b])
        let part = try emit(.select, [wins, adjoint, shared])
        try contribute(try collected(part, to: a.shape), to: a)
      }
      if wantsB {
        let wins = try emit(.binary(first), [b, a])
        let part = try emit(.select, [wins, adjoint, shared])
        try contribute(try collected(part, to: b.shape), to: b)
      }
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      break
    }
  }

  /// g · b · a^(b − 1), and 0 where b is 0.
  private mutating func differentiateBase(
    _ base: Operand, exponent: Operand, adjoint: Operand
  ) throws(GradientError) {
    let lower = try emit(.scalar(.subtract, 1, numberFirst: false), [exponent])
    let power = try emit(.binary(.power), [base, lower])
    let slope = try emit(.binary(.multiply), [power, exponent])
    let part = try product(adjoint, slope)
    let isFlat = try emit(.scalar(.equal, 0, numberFirst: false), [exponent])
    let safe = try emit(.select, [isFlat, try zero(adjoint.dtype), part])
    try contribute(try collected(safe, to: base.shape), to: base)
  }

  /// g · a^b · log a, and 0 where a is not above 0.
  private mutating func differentiateExponent(
    _ exponent: Operand, base: Operand, value: Operand, adjoint: Operand
  ) throws(GradientError) {
    let log = try emit(.unary(.log), [base])
    let slope = try emit(.binary(.multiply), [value, log])
    let part = try product(adjoint, slope)
    let isDefined = try emit(.scalar(.greater, 0, numberFirst: false), [base])
    let safe = try emit(.select, [isDefined, part, try zero(adjoint.dtype)])
    try contribute(try collected(safe, to: exponent.shape), to: exponent)
  }

  /// Tensor with number.
  mutating func differentiate(
    _ function: Binary, _ number: Double, of operand: Operand, value: Operand, adjoint: Operand
  ) throws(GradientError) {
    switch function {
    case .add, .subtract, .remainder:
      try contribute(adjoint, to: operand)
    case .multiply:
      try contribute(try scaled(adjoint, by: number), to: operand)
    case .divide:
      try contribute(try divided(adjoint, by: number), to: operand)
    case .power:
      try contribute(try powerAdjoint(adjoint, operand, exponent: number), to: operand)
    case .minimum, .maximum:
      try contribute(
        try choiceAdjoint(adjoint, operand, number, isGreatest: function == .maximum),
        to: operand)
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      break
    }
  }

  /// Number with tensor.
  mutating func differentiate(
    _ number: Double, _ function: Binary, of operand: Operand, value: Operand, adjoint: Operand
  ) throws(GradientError) {
    switch function {
    case .add:
      try contribute(adjoint, to: operand)
    case .subtract:
      try contribute(try negated(adjoint), to: operand)
    case .multiply:
      try contribute(try scaled(adjoint, by: number), to: operand)
    case .divide:
      try contribute(
        try negated(try reciprocalAdjoint(adjoint, number, operand, value: value)), to: operand)
    case .power:
      if number > 0 {
        let part = try product(adjoint, value.reshaped(adjoint.shape))
        try contribute(try scaled(part, by: log(number)), to: operand)
      } else {
        try contribute(try emit(.fill(0, operand.dtype, operand.shape), []), to: operand)
      }
    case .minimum, .maximum:
      try contribute(
        try choiceAdjoint(adjoint, operand, number, isGreatest: function == .maximum),
        to: operand)
    case .remainder:
      let quotient = try emit(.scalar(.floorDivide, number, numberFirst: true), [operand])
      let part = try product(adjoint.reshaped(quotient.shape), quotient)
      try contribute(try negated(part), to: operand)
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      break
    }
  }

  /// g · c/x², the adjoint of c/x without its sign: of one array, x or v = c/x as g · v · (v / c).
  private mutating func reciprocalAdjoint(
    _ adjoint: Operand, _ number: Double, _ operand: Operand, value: Operand
  ) throws(GradientError) -> Operand {
    if number == 0 || (holds(operand) && !holds(value)) {
      let part = try emit(
        .binary(.divide), [try scaled(adjoint.reshaped(operand.shape), by: number), operand])
      return try emit(.binary(.divide), [part, operand])
    }
    let value = value.reshaped(adjoint.shape)
    let part = try product(adjoint, value)
    let share = number == 1 ? value : try divided(value, by: number)
    return try emit(.binary(.multiply), [part, share])
  }

  /// g · c · x^(c − 1).
  private mutating func powerAdjoint(
    _ adjoint: Operand, _ operand: Operand, exponent: Double
  ) throws(GradientError) -> Operand {
    if exponent == 0 { return try emit(.fill(0, operand.dtype, operand.shape), []) }
    if exponent == 1 { return adjoint }
    if exponent == 2 { return try squareAdjoint(adjoint, operand) }
    let power = try emit(.scalar(.power, exponent - 1, numberFirst: false), [operand])
    let slope = try emit(.scalar(.multiply, exponent, numberFirst: false), [power])
    return try product(adjoint, slope)
  }

  /// The adjoint of max(x, c) or min(x, c): g where x is chosen, half of it where they tie.
  private mutating func choiceAdjoint(
    _ adjoint: Operand, _ operand: Operand, _ number: Double, isGreatest: Bool
  ) throws(GradientError) -> Operand {
    let tie = try emit(.scalar(.equal, number, numberFirst: false), [operand])
    let half = try scaled(adjoint, by: 0.5)
    let shared = try emit(.select, [tie, half, try zero(adjoint.dtype)])
    let wins = try emit(
      .scalar(isGreatest ? .greater : .less, number, numberFirst: false), [operand])
    return try emit(.select, [wins, adjoint, shared])
  }
}
