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
    /// An npy file of records, each with several named fields.
    case structured
    /// An npy file of elements that are not read: their type as NumPy writes it.
    case unreadType(String)
    /// An idx file of elements of a type that the format does not know.
    case unknownType
    /// Its bytes do not fill its shape.
    case wrongLength(Shape)
    /// A whole number that an i32 does not hold.
    case integerTooLarge(Double)
    /// It is compressed, and cannot be inflated.
    case compression(Gzip.Problem)
  }

  /// The lengths of its axes, outermost first, whatever the file's order.
  package let shape: Shape
  /// The type that holds the elements here.
  package let dtype: DType
  /// The elements in row-major order; i32 ones are whole.
  package let values: [Double]

  private init(
    _ type: ElementType, _ shape: Shape, _ bytes: ArraySlice<UInt8>, isBigEndian: Bool,
    dtype: DType? = nil
  ) throws(Problem) {
    guard shape.count.multipliedReportingOverflow(by: type.byteWidth) == (bytes.count, false)
    else { throw .wrongLength(shape) }
    let numbers = type.numbers(in: bytes, isBigEndian: isBigEndian)
    if let excess = type.excess(in: numbers) { throw .integerTooLarge(excess) }
    self.shape = shape
    self.dtype = dtype ?? type.dtype
    values = numbers
  }

  // MARK: npy

  /// Reads an npy file of version 1 to 3, of numbers in either order of bytes and of axes.
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
    guard !type.hasPrefix("[") else { throw .structured }
    guard let elements = ArrayFile.elementType(type) else { throw .unreadType(type) }
    var axes: [Int] = []
    for part in shapeText.split(whereSeparator: { "(), ".contains($0) }) {
      guard let axis = Int(part), axis >= 0 else { throw .malformedShape }
      axes.append(axis)
    }
    guard let shape = Shape.checked(axes) else { throw .impossibleShape }
    let isFortran: Bool
    switch order {
    case "False": isFortran = false
    case "True": isFortran = axes.count > 1
    default: throw .malformedHeader
    }
    let read = try ArrayFile(
      elements, isFortran ? Shape(axes.reversed()) : shape, file[start...],
      isBigEndian: type.hasPrefix(">"))
    self.shape = shape
    dtype = read.dtype
    values = isFortran ? ArrayFile.rows(ofColumns: read.values, shape) : read.values
  }

  /// The type of elements that NumPy writes so: an order of bytes, a kind, and a width.
  private static func elementType(_ descr: String) -> ElementType? {
    guard let order = descr.first, "<>|=".contains(order) else { return nil }
    return switch descr.dropFirst() {
    case "f2": .f16
    case "f4": .f32
    case "f8": .f64
    case "i1": .i8
    case "i2": .i16
    case "i4": .i32
    case "i8": .i64
    case "u1": .u8
    case "u2": .u16
    case "u4": .u32
    case "u8": .u64
    case "b1": .bool
    default: nil
    }
  }

  /// Elements whose first axis runs fastest, in row-major order.
  private static func rows(ofColumns columns: [Double], _ shape: Shape) -> [Double] {
    var strides: [Int] = []
    var stride = 1
    for length in shape.axes {
      strides.append(stride)
      stride *= length
    }
    var place = [Int](repeating: 0, count: shape.rank)
    var offset = 0
    return columns.indices.map { _ in
      let element = columns[offset]
      // On to the next place: the last axis runs fastest.
      for axis in place.indices.reversed() {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < shape[axis] { break }
        offset -= place[axis] * strides[axis]
        place[axis] = 0
      }
      return element
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

  // MARK: idx

  /// Reads an idx file, compressed by gzip or not: bytes as f32 (labels, of one axis, as i32),
  /// 32-bit integers, and floats.
  package init(idx file: [UInt8]) throws(Problem) {
    let file = try ArrayFile.inflated(file)
    let header = try IDXHeader(file)
    // Bytes are shades of grey, but where they have one axis they are labels.
    let dtype = header.type == .u8 && header.shape.rank > 1 ? DType.f32 : header.type.dtype
    try self.init(
      header.type, header.shape, file[header.length...], isBigEndian: true, dtype: dtype)
  }

  /// What an idx file says of itself before its elements.
  private struct IDXHeader {
    let type: ElementType
    let shape: Shape
    /// Bytes before the elements.
    let length: Int

    /// Bytes of the longest header.
    static let most = 4 + 4 * 255

    init(_ file: [UInt8]) throws(Problem) {
      guard file.count >= 4, file[0] == 0, file[1] == 0 else { throw .notIDX }
      let rank = Int(file[3])
      length = 4 + 4 * rank
      guard file.count >= length else { throw .cutShort }
      let axes = ElementType.u32.numbers(in: file[4..<length], isBigEndian: true).map { Int($0) }
      guard let shape = Shape.checked(axes) else { throw .impossibleShape }
      self.shape = shape
      switch file[2] {
      case 0x08: type = .u8
      case 0x09: type = .i8
      case 0x0B: type = .i16
      case 0x0C: type = .i32
      case 0x0D: type = .f32
      case 0x0E: type = .f64
      default: throw .unknownType
      }
    }
  }

  /// The file itself, or what it holds where it is compressed. Its header tells how much that is,
  /// so that a small file cannot fill the memory.
  private static func inflated(_ file: [UInt8]) throws(Problem) -> [UInt8] {
    guard Gzip.isCompressed(file) else { return file }
    let start: [UInt8]
    do { start = try Gzip.inflated(file, limit: IDXHeader.most) } catch {
      throw .compression(error)
    }
    let header = try IDXHeader(start)
    let (bytes, overflow) = header.shape.count
      .multipliedReportingOverflow(by: header.type.byteWidth)
    guard !overflow else { throw .impossibleShape }
    do {
      // One more, so that what is too long is seen to be.
      return try Gzip.inflated(file, limit: header.length + bytes + 1)
    } catch {
      throw .compression(error)
    }
  }
}
