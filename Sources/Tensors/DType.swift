/// The element type of a tensor.
package enum DType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case f32, f64, i32

  /// Bytes of one element.
  package var byteWidth: Int {
    switch self {
    case .f32, .i32: 4
    case .f64: 8
    }
  }

  /// True for the types that have gradients.
  package var isFloating: Bool {
    switch self {
    case .f32, .f64: true
    case .i32: false
    }
  }

  /// True for the types whose elements can be indices and labels.
  package var isIndex: Bool {
    switch self {
    case .i32: true
    case .f32, .f64: false
    }
  }

  /// The name as the language spells it: `f32`, `f64`, `i32`.
  package var description: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .i32: "i32"
    }
  }

  /// The type of an operation on both: `f64` over `f32` over `i32`.
  package static func promote(_ a: DType, _ b: DType) -> DType {
    switch (a, b) {
    case (.f64, .f32), (.f64, .f64), (.f64, .i32), (.f32, .f64), (.i32, .f64): .f64
    case (.f32, .f32), (.f32, .i32), (.i32, .f32): .f32
    case (.i32, .i32): .i32
    }
  }
}
