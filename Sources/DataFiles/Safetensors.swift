package import Tensors
import Writing

/// A file of the safetensors format, whose header is read: 8 bytes of header length
/// (little-endian), a JSON header, and the tensors' bytes, one after the other.
///
/// Nothing is allocated for the tensors before they are asked for, in the order of their bytes.
package struct Safetensors {
  /// Why bytes are no such file. The first strings are names of tensors.
  package enum Problem: Error, Hashable {
    /// Less than the 8 bytes that tell the header's length.
    case tooShort(bytes: Int)
    /// The header should be so many bytes long, and the format allows fewer.
    case longHeader(bytes: UInt64, limit: Int)
    /// The header should be so many bytes long, and the file has fewer.
    case headerCutShort(bytes: Int, found: Int)
    /// The header says something else than was expected, at a place from 0.
    case header(expected: SafetensorsHeader.Part, found: String, at: Int)
    /// Two entries have this name.
    case repeatedName(String)
    /// A field stands twice in the entry of a tensor.
    case repeatedField(String, field: String)
    /// The entry of a tensor has a field that the format does not know.
    case unknownField(String, field: String)
    /// The entry of a tensor lacks a field.
    case missingField(String, field: String)
    case unreadType(String, type: String)
    /// A whole number in a tensor that an i32 does not hold.
    case integerTooLarge(String, String)
    case impossibleShape(String, axes: [Int])
    /// A tensor's bytes end before they begin.
    case backwards(String, begin: Int, end: Int)
    /// A tensor's bytes end so many bytes behind the header, and the file before.
    case bytesCutShort(String, end: Int, found: Int)
    /// A tensor's shape takes other bytes than it has.
    case wrongLength(String, ElementType, Shape, found: Int)
    /// A tensor has bytes that another has too.
    case sharedBytes(String, with: String)
    /// Before a tensor's bytes lie some that belong to none.
    case gap(before: String, bytes: Int)
    /// Bytes at the end belong to no tensor: so many, where that is known.
    case rest(bytes: Int?)
  }

  /// Bytes of the longest header that the format allows.
  static let longestHeader = 100_000_000

  /// What the header says of each tensor, in the order of their bytes.
  package let entries: [SafetensorsHeader.Entry]
  private let stream: any ByteStream
  /// What the entries take, in the account.
  private let table: Workspace

  /// Reads the header of a file, and checks it: names are there once, numbers are whole, the
  /// tensors' bytes lie one after the other without overlaps and holes, and, where the file's size
  /// is known, fill it.
  package init(_ stream: any ByteStream, ledger: Ledger) throws(DataFileFault) {
    let start = try stream.next(8)
    guard start.count == 8 else { throw .safetensors(.tooShort(bytes: start.count)) }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Safetensors.longestHeader) else {
      throw .safetensors(.longHeader(bytes: length, limit: Safetensors.longestHeader))
    }
    if let found = stream.remaining, found < Int(length) {
      throw .safetensors(.headerCutShort(bytes: Int(length), found: found))
    }
    self.stream = stream
    let table = try room { () throws(MemoryError) in try Workspace(ledger: ledger) }
    let textRoom = try room { () throws(MemoryError) in
      try Workspace(byteCount: Int(length), ledger: ledger)
    }
    let text = try workRoom(Int(length))
    defer { withExtendedLifetime((text, textRoom)) {} }
    let buffer = text.bytes
    let found = try stream.read(into: buffer)
    guard found == buffer.count else {
      throw .safetensors(.headerCutShort(bytes: Int(length), found: found))
    }
    entries = try SafetensorsHeader.entries(in: UnsafeRawBufferPointer(buffer)) {
      (bytes) throws(DataFileFault) in
      try room { () throws(MemoryError) in try table.add(bytes) }
    }.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    self.table = table
    try Safetensors.checkCover(of: entries, size: stream.remaining)
  }

  /// The format's rule on layout: the tensors' bytes lie one after the other, without overlaps and
  /// holes, to the end.
  private static func checkCover(
    of entries: [SafetensorsHeader.Entry], size: Int?
  ) throws(DataFileFault) {
    var place = 0
    var last = ""
    for entry in entries {
      guard entry.bytes.lowerBound >= place else {
        throw .safetensors(.sharedBytes(entry.name, with: last))
      }
      guard entry.bytes.lowerBound == place else {
        throw .safetensors(.gap(before: entry.name, bytes: entry.bytes.lowerBound - place))
      }
      place = entry.bytes.upperBound
      last = entry.name
      if let size, place > size {
        throw .safetensors(.bytesCutShort(entry.name, end: place, found: size))
      }
    }
    if let size, size > place { throw .safetensors(.rest(bytes: size - place)) }
  }

  /// Reads the tensors, one after the other, and to the file's end.
  /// - Parameters:
  ///   - account: The class of the tensor at a place among the entries.
  ///   - visit: Is given each tensor with its place.
  package func read(
    as account: (Int) -> AccountClass, ledger: Ledger, visit: (Int, Tensor) -> Void
  ) throws(DataFileFault) {
    for (place, entry) in entries.enumerated() {
      let tensor = try room { () throws(MemoryError) in
        try Tensor(
          uninitialized: entry.shape, dtype: entry.dtype, account: account(place), ledger: ledger)
      }
      let reading = try entry.type.read(
        entry.shape.count, from: stream, into: tensor.storage.pointer, as: entry.dtype)
      switch reading {
      case .whole: visit(place, tensor)
      case .cutShort(let bytes):
        throw .safetensors(
          .bytesCutShort(
            entry.name, end: entry.bytes.upperBound, found: entry.bytes.lowerBound + bytes))
      case .excess(let number): throw .safetensors(.integerTooLarge(entry.name, number))
      }
    }
    guard try stream.isAtEnd() else { throw .safetensors(.rest(bytes: nil)) }
  }

  // MARK: Writing

  /// What stands before the bytes of tensors that are written in this order: the header's length
  /// and the header, in whole multiples of 8 bytes.
  package static func header(
    of tensors: [(name: String, dtype: DType, shape: Shape)]
  ) -> [UInt8] {
    var header = Array("{".utf8)
    var offset = 0
    for (place, tensor) in tensors.enumerated() {
      let end = offset + tensor.shape.byteCount(of: tensor.dtype)
      let axes = tensor.shape.axes.map(String.init).joined(separator: ",")
      header += "\(place > 0 ? "," : "")\(tensor.name.jsonQuoted):".utf8
      header += "{\"dtype\":\"\(spelling(of: tensor.dtype))\",\"shape\":[\(axes)],".utf8
      header += "\"data_offsets\":[\(offset),\(end)]}".utf8
      offset = end
    }
    header.append(UInt8(ascii: "}"))
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  private static func spelling(of dtype: DType) -> String {
    switch dtype {
    case .f32: "F32"
    case .f64: "F64"
    case .i32: "I32"
    case .bool: "BOOL"
    }
  }
}
