package import Tensors

/// How a file spells the elements of an array.
package enum ElementType: Hashable, Sendable, CaseIterable {
  case f16, bf16, f32, f64
  case i8, i16, i32, i64
  case u8, u16, u32, u64
  /// A byte that is 0 or not.
  case bool

  /// Bytes of an element.
  package var byteWidth: Int {
    switch self {
    case .i8, .u8, .bool: 1
    case .f16, .bf16, .i16, .u16: 2
    case .f32, .i32, .u32: 4
    case .f64, .i64, .u64: 8
    }
  }

  /// The type that holds the elements here: a float's own, i32 for whole numbers that fit it, i64
  /// for others, and bool.
  package var dtype: DType {
    switch self {
    case .f16: .f16
    case .bf16: .bf16
    case .f32: .f32
    case .f64: .f64
    case .i8, .i16, .i32, .u8, .u16: .i32
    case .i64, .u32, .u64: .i64
    case .bool: .bool
    }
  }

}
