import Foundation
package import Tensors
import Writing

/// The safetensors format: 8 bytes of header length (little-endian), a JSON header, and the
/// tensors' bytes.
package enum Safetensors {
  /// Why bytes are no such file. The strings are names of tensors.
  package enum Problem: Error, Hashable {
    /// Less than the 8 bytes that tell the header's length.
    case tooShort
    /// The header should be so many bytes long, and is not all there.
    case headerCutShort(bytes: UInt64)
    case headerNotJSON
    case malformedEntry(String)
    case unreadType(String, type: String)
    /// A whole number in a tensor that an i32 does not hold.
    case integerTooLarge(String, Double)
    case impossibleShape(String)
    case bytesCutShort(String)
    /// A tensor's bytes do not fill its shape.
    case wrongLength(String)
    /// A tensor has bytes that another has too.
    case sharedBytes(String)
    /// Before a tensor's bytes lie some that belong to none.
    case gap(before: String)
    /// So many bytes at the end belong to no tensor.
    case rest(bytes: Int)
  }

  private static let longestHeader = 100_000_000

  /// The tensors that a file holds, in the order of their bytes. Every range lies in the file.
  package static func read(_ file: [UInt8]) throws(Problem) -> [NamedBytes] {
    guard file.count >= 8 else { throw .tooShort }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(file[index]) << UInt64(8 * index) }
    guard length <= UInt64(min(file.count - 8, longestHeader)) else {
      throw .headerCutShort(bytes: length)
    }
    let start = 8 + Int(length)
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(file[8..<start])),
      let header = object as? [String: Any]
    else { throw .headerNotJSON }
    var tensors: [NamedBytes] = []
    for (name, entry) in header where name != "__metadata__" {
      tensors.append(try tensor(name, entry, start: start, end: file.count))
    }
    tensors.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    try checkCover(of: tensors, from: start, to: file.count)
    return tensors
  }

  /// The format's rule on layout: the tensors' bytes lie one after the other, without overlaps and
  /// holes, to the end.
  private static func checkCover(
    of tensors: [NamedBytes], from start: Int, to end: Int
  ) throws(Problem) {
    var place = start
    for tensor in tensors {
      guard tensor.bytes.lowerBound >= place else {
        throw .sharedBytes(tensor.name)
      }
      guard tensor.bytes.lowerBound == place else {
        throw .gap(before: tensor.name)
      }
      place = tensor.bytes.upperBound
    }
    guard place == end else {
      throw .rest(bytes: end - place)
    }
  }

  private static func tensor(
    _ name: String, _ entry: Any, start: Int, end: Int
  ) throws(Problem) -> NamedBytes {
    guard let fields = entry as? [String: Any], let type = fields["dtype"] as? String,
      let axes = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int],
      offsets.count == 2
    else { throw .malformedEntry(name) }
    guard let elements = types[type] else {
      throw .unreadType(name, type: type)
    }
    guard let shape = Shape.checked(axes), axes.allSatisfy({ $0 >= 0 }) else {
      throw .impossibleShape(name)
    }
    let room = end - start
    guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= room else {
      throw .bytesCutShort(name)
    }
    guard
      shape.count.multipliedReportingOverflow(by: elements.byteWidth)
        == (offsets[1] - offsets[0], false)
    else { throw .wrongLength(name) }
    return NamedBytes(
      name: name, type: elements, shape: shape,
      bytes: (start + offsets[0])..<(start + offsets[1]))
  }

  /// The types that are read, as the format spells them.
  private static let types: [String: ElementType] = [
    "F16": .f16, "BF16": .bf16, "F32": .f32, "F64": .f64, "I8": .i8, "I16": .i16, "I32": .i32,
    "I64": .i64, "U8": .u8, "U16": .u16, "U32": .u32, "U64": .u64, "BOOL": .bool,
  ]

  /// The elements of a tensor of a file, in row-major order; throws where one is a whole number
  /// that an i32 does not hold.
  package static func numbers(
    of tensor: NamedBytes, in file: [UInt8]
  ) throws(Problem) -> [Double] {
    let numbers = tensor.type.numbers(in: file[tensor.bytes])
    if let excess = tensor.type.excess(in: numbers) { throw .integerTooLarge(tensor.name, excess) }
    return numbers
  }

  /// A file of the tensors, in the order given.
  package static func file(_ tensors: [(name: String, dtype: DType, shape: Shape, bytes: [UInt8])])
    -> [UInt8]
  {
    var entries: [String] = []
    var offset = 0
    for tensor in tensors {
      let type =
        switch tensor.dtype {
        case .f32: "F32"
        case .f64: "F64"
        case .i32: "I32"
        case .bool: "BOOL"
        }
      let axes = tensor.shape.axes.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      entries.append(
        "\(tensor.name.jsonQuoted):{\"dtype\":\"\(type)\",\"shape\":[\(axes)],"
          + "\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = UInt64(header.count)
    var file = (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
    file += header
    for tensor in tensors { file += tensor.bytes }
    return file
  }
}
