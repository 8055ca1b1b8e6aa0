import Foundation
package import Tensors

/// The safetensors format: 8 bytes of header length (little-endian), a JSON header, and the tensors' bytes.
package enum Safetensors {
  /// Why bytes are no such file.
  package struct Problem: Error, Hashable { package let message: String }

  private static let longestHeader = 100_000_000

  /// The tensors that a file holds, in the order of their bytes. Every range lies in the file.
  package static func read(_ file: [UInt8]) throws(Problem) -> [NamedBytes] {
    guard file.count >= 8 else { throw Problem(message: "is too short to be a safetensors file") }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(file[index]) << UInt64(8 * index) }
    guard length <= UInt64(min(file.count - 8, longestHeader)) else {
      throw Problem(message: "is cut short: its header should have \(length) bytes")
    }
    let start = 8 + Int(length)
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(file[8..<start])),
      let header = object as? [String: Any]
    else { throw Problem(message: "has a header that is not JSON") }
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

  /// The format's rule on layout: the tensors' bytes lie one after the other, without overlaps and holes, to the end.
  private static func checkCover(
    of tensors: [NamedBytes], from start: Int, to end: Int
  ) throws(Problem) {
    var place = start
    for tensor in tensors {
      guard tensor.bytes.lowerBound >= place else {
        throw Problem(message: "gives \"\(tensor.name)\" bytes that another tensor has")
      }
      guard tensor.bytes.lowerBound == place else {
        throw Problem(message: "has bytes before \"\(tensor.name)\" that belong to no tensor")
      }
      place = tensor.bytes.upperBound
    }
    guard place == end else {
      throw Problem(message: "has \(end - place) bytes at its end that belong to no tensor")
    }
  }

  private static func tensor(
    _ name: String, _ entry: Any, start: Int, end: Int
  ) throws(Problem) -> NamedBytes {
    guard let fields = entry as? [String: Any], let type = fields["dtype"] as? String,
      let axes = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int],
      offsets.count == 2
    else { throw Problem(message: "has a malformed entry for the tensor \"\(name)\"") }
    let types: [String: DType] = ["F32": .f32, "F64": .f64, "I32": .i32]
    guard let dtype = types[type] else {
      throw Problem(
        message: "holds \"\(name)\" in the type \(type); Cairn reads F32, F64 and I32")
    }
    guard let shape = Shape.checked(axes), axes.allSatisfy({ $0 >= 0 }) else {
      throw Problem(message: "gives \"\(name)\" an impossible shape")
    }
    let room = end - start
    guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= room else {
      throw Problem(message: "is cut short: the bytes of \"\(name)\" are not all there")
    }
    guard
      shape.count.multipliedReportingOverflow(by: dtype.byteWidth)
        == (offsets[1] - offsets[0], false)
    else { throw Problem(message: "gives \"\(name)\" other bytes than its shape has") }
    return NamedBytes(
      name: name, dtype: dtype, shape: shape, bytes: (start + offsets[0])..<(start + offsets[1]))
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
        }
      let axes = tensor.shape.axes.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      entries.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(axes)],\"data_offsets\":[\(offset),\(end)]}"
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

  private static func quoted(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20:
        text += "\\u" + String(format: "%04x", scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
