/// The element type of a tensor.
package enum DType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case f32, f64
  /// Two bytes a number, which kernels compute with in f32: `ShortFloat` says which numbers.
  case f16, bf16
  case i32
  /// Whole numbers of up to 2⁵³ either way (`wholeLimit`): more is refused, so that every number of
  /// a tensor is a float of the language exactly.
  case i64
  /// A byte that is 0 or 1: what comparisons give.
  case bool

  /// Bytes of one element.
  package var byteWidth: Int {
    switch self {
    case .bool: 1
    case .f16, .bf16: 2
    case .f32, .i32: 4
    case .f64, .i64: 8
    }
  }

  /// True for the types that have gradients.
  package var isFloating: Bool {
    switch self {
    case .f32, .f64, .f16, .bf16: true
    case .i32, .i64, .bool: false
    }
  }

  /// How the two bytes of a number are read; `nil` for the types of other widths.
  package var short: ShortFloat? {
    switch self {
    case .f16: .f16
    case .bf16: .bf16
    case .f32, .f64, .i32, .i64, .bool: nil
    }
  }

  /// True for the types of two bytes, f16 and bf16.
  package var isShort: Bool { short != nil }

  /// True for the types whose elements can be indices and labels.
  package var isIndex: Bool {
    switch self {
    case .i32, .i64: true
    case .f32, .f64, .f16, .bf16, .bool: false
    }
  }

  /// The type that it is reckoned with in: i32 for bool.
  package var arithmetic: DType {
    switch self {
    case .f32, .f64, .f16, .bf16, .i32, .i64: self
    case .bool: .i32
    }
  }

  /// The type of the numbers inside a kernel: f32 for the short floats, else the type itself.
  package var computed: DType { isShort ? .f32 : self }

  /// The whole number of the greatest magnitude in i64: 2⁵³.
  package static let wholeLimit = 1 << 53

  /// The name as the language spells it: `f32`, `bf16`, `bool`.
  package var description: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .f16: "f16"
    case .bf16: "bf16"
    case .i32: "i32"
    case .i64: "i64"
    case .bool: "bool"
    }
  }

  /// The type of what an operation on both gives: `f64` over `f32` over `f16` and `bf16`, which
  /// meet in `f32`, over `i64` over `i32` over `bool`.
  package static func promote(_ a: DType, _ b: DType) -> DType {
    switch (a, b) {
    case (.f64, _), (_, .f64): .f64
    case (.f32, _), (_, .f32), (.f16, .bf16), (.bf16, .f16): .f32
    case (.f16, _), (_, .f16): .f16
    case (.bf16, _), (_, .bf16): .bf16
    case (.i64, _), (_, .i64): .i64
    case (.i32, _), (_, .i32): .i32
    case (.bool, .bool): .bool
    }
  }
}
