/// A function of one element.
package enum Unary: String, Hashable, Sendable, CaseIterable {
  case negate, exp, log, sqrt, square, tanh, sigmoid, relu, gelu, softplus, silu, sin, cos, abs

  /// True where the derivative is a function of the result (tanh, exp, relu …), false where of the
  /// operand.
  package var savesResult: Bool {
    switch self {
    case .exp, .sqrt, .tanh, .sigmoid, .relu: true
    case .negate, .log, .square, .gelu, .softplus, .silu, .sin, .cos, .abs: false
    }
  }
}
