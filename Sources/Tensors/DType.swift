/// The element type of a tensor.
package enum DType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case f32, f64, i32
  /// A byte that is 0 or 1: what comparisons give.
  case bool

  /// Bytes of one element.
  package var byteWidth: Int {
    switch self {
    case .bool: 1
    case .f32, .i32: 4
    case .f64: 8
    }
  }

  /// True for the types that have gradients.
  package var isFloating: Bool {
    switch self {
    case .f32, .f64: true
    case .i32, .bool: false
    }
  }

  /// True for the types whose elements can be indices and labels.
  package var isIndex: Bool {
    switch self {
    case .i32: true
    case .f32, .f64, .bool: false
    }
  }

  /// The type that it is reckoned with in: i32 for bool.
  package var arithmetic: DType {
    switch self {
    case .f32, .f64, .i32: self
    case .bool: .i32
    }
  }

  /// The name as the language spells it: `f32`, `f64`, `i32`, `bool`.
  package var description: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .i32: "i32"
    case .bool: "bool"
    }
  }

  /// The type that holds the elements of both: `f64` over `f32` over `i32` over `bool`.
  package static func promote(_ a: DType, _ b: DType) -> DType {
    switch (a, b) {
    case (.f64, _), (_, .f64): .f64
    case (.f32, _), (_, .f32): .f32
    case (.i32, _), (_, .i32): .i32
    case (.bool, .bool): .bool
    }
  }
}
