package import Tensors
import Writing

/// The header of a safetensors file: a JSON object with an entry for each tensor, and, under the
/// name `__metadata__`, one of texts.
package enum SafetensorsHeader {
  /// What the header says of a tensor.
  package struct Entry: Hashable, Sendable {
    /// The tensor's name in the file: `layers.0.w`.
    package let name: String
    /// How the file spells its elements.
    package let type: ElementType
    /// The lengths of its axes, outermost first.
    package let shape: Shape
    /// Where the bytes of its elements lie, counted from the header's end.
    package let bytes: Range<Int>

    /// The type that holds the elements here.
    package var dtype: DType { type.dtype }
  }

  /// What stands at a place of a header.
  package enum Part: Hashable, Sendable {
    /// These characters.
    case characters(String)
    /// A text in quotes, as JSON writes it.
    case text
    /// A whole number from 0.
    case integer
    /// Nothing but blanks.
    case end
  }

  /// The name under which texts stand that are no tensor.
  static let metadata = "__metadata__"

  /// Bytes that an entry takes in memory, beside those of its name, at most.
  static let entryBytes = 256

  /// The types that are read, as the format spells them.
  package static let types: [String: ElementType] = [
    "F16": .f16, "BF16": .bf16, "F32": .f32, "F64": .f64, "I8": .i8, "I16": .i16, "I32": .i32,
    "I64": .i64, "U8": .u8, "U16": .u16, "U32": .u32, "U64": .u64, "BOOL": .bool,
  ]

  /// The entries of a header in the order in which they stand in it.
  /// - Parameter grow: Asked for so many bytes of memory before they are used.
  static func entries(
    in text: UnsafeRawBufferPointer, grow: (Int) throws(DataFileFault) -> Void
  ) throws(DataFileFault) -> [Entry] {
    var reader = JSONReader(text)
    var entries: [Entry] = []
    var names: Set<String> = []
    // The format's own rule: nothing stands before the brace.
    guard text.first == UInt8(ascii: "{") else { throw reader.problem(.characters("{")) }
    try reader.object { (reader, name) throws(DataFileFault) in
      guard names.insert(name).inserted else { throw .safetensors(.repeatedName(name)) }
      try grow(entryBytes + name.utf8.count)
      if name == metadata {
        try reader.object { (reader, _) throws(DataFileFault) in _ = try reader.string() }
      } else {
        entries.append(try entry(name, &reader))
      }
    }
    try reader.end()
    return entries
  }

  /// The entry of a tensor: its type, its shape, and where its bytes begin and end.
  private static func entry(
    _ name: String, _ reader: inout JSONReader
  ) throws(DataFileFault) -> Entry {
    var type: String?
    var axes: [Int]?
    var offsets: [Int]?
    try reader.object { (reader, field) throws(DataFileFault) in
      switch field {
      case "dtype" where type == nil: type = try reader.string()
      case "shape" where axes == nil: axes = try reader.integers()
      case "data_offsets" where offsets == nil: offsets = try reader.integers(exactly: 2)
      case "dtype", "shape", "data_offsets":
        throw .safetensors(.repeatedField(name, field: field))
      default: throw .safetensors(.unknownField(name, field: field))
      }
    }
    guard let type else { throw .safetensors(.missingField(name, field: "dtype")) }
    guard let axes else { throw .safetensors(.missingField(name, field: "shape")) }
    guard let offsets else { throw .safetensors(.missingField(name, field: "data_offsets")) }
    guard let elements = types[type] else { throw .safetensors(.unreadType(name, type: type)) }
    guard let shape = Shape.checked(axes) else {
      throw .safetensors(.impossibleShape(name, axes: axes))
    }
    guard offsets[0] <= offsets[1] else {
      throw .safetensors(.backwards(name, begin: offsets[0], end: offsets[1]))
    }
    let entry = Entry(name: name, type: elements, shape: shape, bytes: offsets[0]..<offsets[1])
    guard shape.count * elements.byteWidth == entry.bytes.count else {
      throw .safetensors(.wrongLength(name, elements, shape, found: entry.bytes.count))
    }
    return entry
  }
}
