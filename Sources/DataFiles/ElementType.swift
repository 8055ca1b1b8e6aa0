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

  /// The type that holds the elements here: a float's own, or f32 for the short ones, i32 for
  /// whole numbers, and bool.
  package var dtype: DType {
    switch self {
    case .f16, .bf16, .f32: .f32
    case .f64: .f64
    case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64: .i32
    case .bool: .bool
    }
  }

  /// True where the bytes of a little-endian file are those of a tensor.
  package var isNative: Bool {
    switch self {
    case .f32, .f64, .i32: true
    case .f16, .bf16, .i8, .i16, .i64, .u8, .u16, .u32, .u64, .bool: false
    }
  }

  /// The elements in some bytes, in order: each is exactly what `dtype` holds, but whole numbers
  /// that an i32 does not.
  package func numbers(in bytes: ArraySlice<UInt8>, isBigEndian: Bool = false) -> [Double] {
    switch self {
    case .f16: read(UInt16.self, bytes, isBigEndian) { Double(ElementType.half($0)) }
    case .bf16:
      read(UInt16.self, bytes, isBigEndian) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .f32: read(UInt32.self, bytes, isBigEndian) { Double(Float(bitPattern: $0)) }
    case .f64: read(UInt64.self, bytes, isBigEndian) { Double(bitPattern: $0) }
    case .i8: read(UInt8.self, bytes, isBigEndian) { Double(Int8(bitPattern: $0)) }
    case .i16: read(UInt16.self, bytes, isBigEndian) { Double(Int16(bitPattern: $0)) }
    case .i32: read(UInt32.self, bytes, isBigEndian) { Double(Int32(bitPattern: $0)) }
    case .i64: read(UInt64.self, bytes, isBigEndian) { Double(Int64(bitPattern: $0)) }
    case .u8: read(UInt8.self, bytes, isBigEndian) { Double($0) }
    case .u16: read(UInt16.self, bytes, isBigEndian) { Double($0) }
    case .u32: read(UInt32.self, bytes, isBigEndian) { Double($0) }
    case .u64: read(UInt64.self, bytes, isBigEndian) { Double($0) }
    case .bool: read(UInt8.self, bytes, isBigEndian) { $0 == 0 ? 0 : 1 }
    }
  }

  /// The first whole number that an i32 does not hold.
  func excess(in numbers: [Double]) -> Double? {
    switch dtype {
    case .f32, .f64: nil
    case .i32: numbers.first { Int32(exactly: $0) == nil }
    case .bool: numbers.first { $0 != 0 && $0 != 1 }
    }
  }

  private func read<Word: FixedWidthInteger>(
    _ word: Word.Type, _ bytes: ArraySlice<UInt8>, _ isBigEndian: Bool, _ number: (Word) -> Double
  ) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      (0..<(buffer.count / byteWidth)).map { index in
        let bits = buffer.loadUnaligned(fromByteOffset: index * byteWidth, as: word)
        return number(isBigEndian ? Word(bigEndian: bits) : Word(littleEndian: bits))
      }
    }
  }

  /// The number in a half-precision float (IEEE 754 binary16): a sign, 5 bits of exponent, 10 of
  /// fraction.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    return switch exponent {
    case 0: sign * fraction * 0x1p-24
    case 31: fraction == 0 ? sign * .infinity : .nan
    default: sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
