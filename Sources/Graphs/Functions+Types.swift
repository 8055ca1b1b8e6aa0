package import Tensors

extension Unary {
  /// True for the functions that are defined on i32 too.
  package var takesIntegers: Bool {
    switch self {
    case .negate, .abs: true
    case .exp, .log, .sqrt, .square, .tanh, .sigmoid, .relu, .gelu, .softplus, .silu, .sin, .cos:
      false
    }
  }
}

extension Binary {
  /// True for the functions that are defined on i32 too.
  package var takesIntegers: Bool {
    switch self {
    case .divide, .power: false
    case .add, .subtract, .multiply, .minimum, .maximum, .floorDivide, .remainder, .equal,
      .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      true
    }
  }

  /// The type that both operands are cast to, from the one that they are promoted to: that, i32 for
  /// bool, and f32 for integers where the function has no meaning on them.
  package func operandType(_ promoted: DType) -> DType {
    let promoted = promoted.arithmetic
    return takesIntegers || promoted.isFloating ? promoted : .f32
  }
}
