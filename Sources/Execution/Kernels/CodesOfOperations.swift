import CKernels
import Graphs
import Tensors

// The numbers by which the C loops know types and functions.

extension DType {
  /// Its number as a `ck_type` of the C loops.
  var code: Int32 {
    switch self {
    case .f32: Int32(CK_F32.rawValue)
    case .f64: Int32(CK_F64.rawValue)
    case .i32: Int32(CK_I32.rawValue)
    case .bool: Int32(CK_BOOL.rawValue)
    case .f16: Int32(CK_F16.rawValue)
    case .bf16: Int32(CK_BF16.rawValue)
    case .i64: Int32(CK_I64.rawValue)
    }
  }

  /// The number for loops that are defined on floats only; `nil` for the others, which the shape
  /// rules keep from them.
  var floatingCode: Int32? {
    switch self {
    case .f32, .f64, .f16, .bf16: code
    case .i32, .i64, .bool: nil
    }
  }
}

extension Unary {
  /// Its number as a `ck_unary` of the C loops.
  var code: Int32 {
    let code =
      switch self {
      case .negate: CK_NEGATE
      case .exp: CK_EXP
      case .log: CK_LOG
      case .sqrt: CK_SQRT
      case .square: CK_SQUARE
      case .tanh: CK_TANH
      case .sigmoid: CK_SIGMOID
      case .relu: CK_RELU
      case .gelu: CK_GELU
      case .softplus: CK_SOFTPLUS
      case .silu: CK_SILU
      case .sin: CK_SIN
      case .cos: CK_COS
      case .abs: CK_ABS
      }
    return Int32(code.rawValue)
  }
}

extension Binary {
  /// Its number as a `ck_binary` of the C loops.
  var code: Int32 {
    let code =
      switch self {
      case .add: CK_ADD
      case .subtract: CK_SUBTRACT
      case .multiply: CK_MULTIPLY
      case .divide: CK_DIVIDE
      case .power: CK_POWER
      case .minimum: CK_MINIMUM
      case .maximum: CK_MAXIMUM
      case .floorDivide: CK_FLOOR_DIVIDE
      case .remainder: CK_REMAINDER
      case .equal: CK_EQUAL
      case .notEqual: CK_NOT_EQUAL
      case .less: CK_LESS
      case .lessOrEqual: CK_LESS_OR_EQUAL
      case .greater: CK_GREATER
      case .greaterOrEqual: CK_GREATER_OR_EQUAL
      }
    return Int32(code.rawValue)
  }
}

extension Reduction {
  /// An average is a sum that is divided afterwards.
  var code: Int32 {
    let code =
      switch self {
      case .sum, .average: CK_SUM
      case .max: CK_MAX
      case .min: CK_MIN
      }
    return Int32(code.rawValue)
  }
}
