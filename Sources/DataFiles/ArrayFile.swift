package import Tensors

/// The numbers in a file of one array: NumPy's npy, and the idx format of the MNIST files.
package struct ArrayFile {
  /// Why bytes are no such file.
  package enum Problem: Error, Hashable {
    /// It does not begin as files of the format do.
    case notNPY, notIDX
    /// It ends before its header does.
    case cutShort
    case malformedHeader
    case malformedShape
    /// More elements than a tensor can have.
    case impossibleShape
    /// An npy file whose first axis runs fastest.
    case fortranOrder
    /// An npy file of elements that are not read: their type as NumPy writes it.
    case unreadType(String)
    /// An idx file of elements of a type that the format does not know.
    case unknownType
    /// Its bytes do not fill its shape.
    case wrongLength(Shape)
    case integersTooLarge
  }

  package let shape: Shape
  package let dtype: DType
  /// The elements in row-major order; i32 ones are whole.
  package let values: [Double]

  // MARK: npy

  /// Reads an npy file of version 1 to 3, little-endian, in C order.
  package init(npy file: [UInt8]) throws(Problem) {
    guard file.count >= 10, file.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .notNPY
    }
    let isLong = file[6] >= 2
    let lengthBytes = isLong ? 4 : 2
    guard file.count >= 8 + lengthBytes else { throw .cutShort }
    var length = 0
    for index in 0..<lengthBytes { length |= Int(file[8 + index]) << (8 * index) }
    let start = 8 + lengthBytes + length
    guard start <= file.count else { throw .cutShort }
    let header = String(decoding: file[(8 + lengthBytes)..<start], as: UTF8.self)
    guard let type = ArrayFile.entry("descr", in: header),
      let order = ArrayFile.entry("fortran_order", in: header),
      let shapeText = ArrayFile.entry("shape", in: header)
    else { throw .malformedHeader }
    var axes: [Int] = []
    for part in shapeText.split(whereSeparator: { "(), ".contains($0) }) {
      guard let axis = Int(part), axis >= 0 else { throw .malformedShape }
      axes.append(axis)
    }
    guard let shape = Shape.checked(axes) else { throw .impossibleShape }
    guard order == "False" || axes.count < 2 else {
      throw .fortranOrder
    }
    let kinds: [String: (width: Int, dtype: DType, read: (ArraySlice<UInt8>) -> Double)] = [
      "<f4": (4, .f32, { Double(Float(bitPattern: UInt32(ArrayFile.little($0)))) }),
      "<f8": (8, .f64, { Double(bitPattern: ArrayFile.little($0)) }),
      "<i4": (4, .i32, { Double(Int32(truncatingIfNeeded: ArrayFile.little($0))) }),
      "<i8": (8, .i32, { Double(Int64(bitPattern: ArrayFile.little($0))) }),
      "<i2": (2, .i32, { Double(Int16(truncatingIfNeeded: ArrayFile.little($0))) }),
      "<u2": (2, .i32, { Double(ArrayFile.little($0)) }),
      "|u1": (1, .i32, { Double(ArrayFile.little($0)) }),
      "|b1": (1, .i32, { Double(ArrayFile.little($0)) }),
      "|i1": (1, .i32, { Double(Int8(truncatingIfNeeded: ArrayFile.little($0))) }),
    ]
    guard let kind = kinds[type] else {
      throw .unreadType(type)
    }
    guard
      shape.count.multipliedReportingOverflow(by: kind.width) == (file.count - start, false)
    else { throw .wrongLength(shape) }
    self.shape = shape
    dtype = kind.dtype
    values = (0..<shape.count).map {
      kind.read(file[(start + $0 * kind.width)..<(start + ($0 + 1) * kind.width)])
    }
    switch dtype {
    case .i32: if values.contains(where: { Int32(exactly: $0) == nil }) { throw .integersTooLarge }
    case .f32, .f64: break
    }
  }

  /// The text of an entry in the header's dictionary, quotes removed.
  private static func entry(_ key: String, in header: String) -> String? {
    let text = Array(header)
    let wanted = Array("'\(key)'")
    guard text.count > wanted.count,
      let place = (0...(text.count - wanted.count)).first(where: {
        text[$0..<($0 + wanted.count)].elementsEqual(wanted)
      })
    else { return nil }
    var rest = text[(place + wanted.count)...].drop { $0 == ":" || $0 == " " }
    if rest.first == "(" {
      guard let end = rest.firstIndex(of: ")") else { return nil }
      return String(rest[...end])
    }
    if rest.first == "'" {
      rest = rest.dropFirst()
      return String(rest.prefix { $0 != "'" })
    }
    return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
  }

  private static func little(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  // MARK: idx

  /// Reads an idx file: bytes as f32 (labels, of one axis, as i32), 32-bit integers, and floats.
  package init(idx file: [UInt8]) throws(Problem) {
    guard file.count >= 4, file[0] == 0, file[1] == 0 else {
      throw .notIDX
    }
    let rank = Int(file[3])
    let start = 4 + 4 * rank
    guard file.count >= start else { throw .cutShort }
    func big(_ range: Range<Int>) -> UInt64 { file[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let axes = (0..<rank).map { Int(big((4 + 4 * $0)..<(8 + 4 * $0))) }
    guard let shape = Shape.checked(axes) else { throw .impossibleShape }
    let width: Int
    switch file[2] {
    case 0x08, 0x09: width = 1
    case 0x0B: width = 2
    case 0x0C, 0x0D: width = 4
    case 0x0E: width = 8
    default: throw .unknownType
    }
    guard shape.count.multipliedReportingOverflow(by: width) == (file.count - start, false) else {
      throw .wrongLength(shape)
    }
    self.shape = shape
    switch file[2] {
    case 0x0D: dtype = .f32
    case 0x0E: dtype = .f64
    case 0x08 where rank > 1: dtype = .f32
    default: dtype = .i32
    }
    values = (0..<shape.count).map { index in
      let bits = big((start + index * width)..<(start + (index + 1) * width))
      return switch file[2] {
      case 0x08: Double(bits)
      case 0x09: Double(Int8(truncatingIfNeeded: bits))
      case 0x0B: Double(Int16(truncatingIfNeeded: bits))
      case 0x0C: Double(Int32(truncatingIfNeeded: bits))
      case 0x0D: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      default: Double(bitPattern: bits)
      }
    }
  }
}
