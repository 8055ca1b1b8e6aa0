package import Tensors

/// A file of one array, whose header is read: NumPy's npy, or the idx format of the MNIST files.
///
/// Nothing is allocated for its elements before they are asked for, and where the file's size is
/// known it is compared with the header first.
package struct ArrayFile {
  /// Why bytes are no such file.
  package enum Problem: Error, Hashable {
    /// They do not begin as files of the format do.
    case notNPY, notIDX
    /// They end before the header does.
    case cutShort
    /// An npy file of a version that there is not.
    case version(Int, Int)
    /// An npy header of so many bytes, which none needs.
    case longHeader(bytes: Int, limit: Int)
    /// An npy header that says something else than was expected, at a place from 0.
    case header(expected: NPYHeader.Part, found: String, at: Int)
    /// More elements, or axes, than a tensor can have.
    case impossibleShape([Int])
    /// An npy file of records, each with several named fields.
    case structured
    /// An npy file of elements that are not read: their type as NumPy writes it.
    case unreadType(String)
    /// An idx file of elements of a type, told by its number, that the format does not know.
    case unknownType(UInt8)
    /// Its elements take so many bytes, and it has fewer.
    case fewBytes(Contents, found: Int)
    /// Its elements take so many bytes, and what it holds compressed cannot be so many.
    case inflated(Contents, most: Int)
    /// Its elements take so many bytes, and it has more: so many, where that is known.
    case moreBytes(Contents, found: Int?)
    /// A whole number that an i32 does not hold.
    case integerTooLarge(String)
  }

  /// What a header says of the elements behind it.
  package struct Contents: Hashable, Sendable {
    /// How the file spells an element.
    package let type: ElementType
    /// The lengths of its axes, outermost first, whatever the file's order.
    package let shape: Shape
    /// True where the first byte of an element is its highest.
    package let isBigEndian: Bool
    /// True where the first axis runs fastest (`fortran_order`).
    package let isColumnMajor: Bool

    /// Elements of a type in a shape: little-endian, and row after row, unless it is said
    /// otherwise.
    package init(
      type: ElementType, shape: Shape, isBigEndian: Bool = false, isColumnMajor: Bool = false
    ) {
      self.type = type
      self.shape = shape
      self.isBigEndian = isBigEndian
      self.isColumnMajor = isColumnMajor
    }

    /// Bytes of the elements in the file.
    package var byteCount: Int { shape.count * type.byteWidth }
  }

  /// What its header says.
  package let contents: Contents
  /// The type that holds the elements here.
  package let dtype: DType
  /// What stands behind the header.
  private let stream: any ByteStream

  /// The lengths of its axes, outermost first.
  package var shape: Shape { contents.shape }

  /// Reads the header of an npy file of version 1 to 3, compressed by gzip or not: of numbers in
  /// either order of bytes and of axes.
  /// - Parameter isPlain: True where a compressed one is refused.
  package init(npy file: any ByteStream, isPlain: Bool = false) throws(DataFileFault) {
    let (start, stream) =
      isPlain
      ? (try file.next(NPYHeader.magicBytes), file)
      : try ArrayFile.begin(file, NPYHeader.magicBytes)
    let header = try NPYHeader(start, stream)
    try self.init(header.contents, dtype: header.contents.type.dtype, stream)
  }

  /// The first bytes of a file, and what stands behind them; of what it holds, where it is
  /// compressed.
  private static func begin(
    _ file: any ByteStream, _ count: Int
  ) throws(DataFileFault) -> (start: [UInt8], rest: any ByteStream) {
    let start = try file.next(count)
    guard start.starts(with: GzipStream.magic) else { return (start, file) }
    let stream = try GzipStream(file, begun: start)
    return (try stream.next(count), stream)
  }

  /// Reads the header of an idx file, compressed by gzip or not: of bytes, which are read as f32
  /// (labels, of one axis, as i32), of whole numbers, and of floats.
  package init(idx file: any ByteStream) throws(DataFileFault) {
    let (magic, stream) = try ArrayFile.begin(file, 4)
    let contents = try ArrayFile.idxContents(magic, stream)
    // Bytes are shades of grey, but where they have one axis they are labels.
    let isGrey = contents.type == .u8 && contents.shape.rank > 1
    try self.init(contents, dtype: isGrey ? .f32 : contents.type.dtype, stream)
  }

  private init(
    _ contents: Contents, dtype: DType, _ stream: any ByteStream
  ) throws(DataFileFault) {
    self.contents = contents
    self.dtype = dtype
    self.stream = stream
    if let most = stream.most, stream.remaining == nil, most < contents.byteCount {
      throw .array(.inflated(contents, most: most))
    }
    guard let found = stream.remaining else { return }
    if found < contents.byteCount { throw .array(.fewBytes(contents, found: found)) }
    if found > contents.byteCount { throw .array(.moreBytes(contents, found: found)) }
  }

  /// What an idx file says of itself before its elements: two zeros, a type, the number of axes,
  /// and their lengths.
  private static func idxContents(
    _ magic: [UInt8], _ stream: any ByteStream
  ) throws(DataFileFault) -> Contents {
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else { throw .array(.notIDX) }
    let type: ElementType
    switch magic[2] {
    case 0x08: type = .u8
    case 0x09: type = .i8
    case 0x0B: type = .i16
    case 0x0C: type = .i32
    case 0x0D: type = .f32
    case 0x0E: type = .f64
    default: throw .array(.unknownType(magic[2]))
    }
    let rank = Int(magic[3])
    let lengths = try stream.next(4 * rank)
    guard lengths.count == 4 * rank else { throw .array(.cutShort) }
    let axes = (0..<rank).map { axis in
      lengths[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let shape = Shape.checked(axes) else { throw .array(.impossibleShape(axes)) }
    return Contents(type: type, shape: shape, isBigEndian: true)
  }

  // MARK: Elements

  /// The elements in row-major order, read once and to the file's end. Throws where the file has
  /// others than its header says, where an i32 does not hold one, and where they find no room.
  package func read(as account: AccountClass, ledger: Ledger) throws(DataFileFault) -> Tensor {
    let tensor = try room { () throws(MemoryError) in
      try Tensor(uninitialized: shape, dtype: dtype, account: account, ledger: ledger)
    }
    if contents.isColumnMajor {
      try readColumns(into: tensor)
    } else {
      try check(
        try contents.type.read(
          shape.count, from: stream, isBigEndian: contents.isBigEndian,
          into: tensor.storage.pointer, as: dtype), before: 0)
    }
    guard try stream.isAtEnd() else { throw .array(.moreBytes(contents, found: nil)) }
    return tensor
  }

  /// - Parameter before: Bytes of elements that were read before.
  private func check(_ reading: ElementType.Reading, before: Int) throws(DataFileFault) {
    switch reading {
    case .whole: return
    case .cutShort(let bytes): throw .array(.fewBytes(contents, found: before + bytes))
    case .excess(let number): throw .array(.integerTooLarge(number))
    }
  }

  /// Reads elements whose first axis runs fastest, a piece at a time, each to its place.
  private func readColumns(into tensor: Tensor) throws(DataFileFault) {
    let width = dtype.byteWidth
    let most = Piece.byteCount / max(width, contents.type.byteWidth)
    let strides = shape.strides
    var place = [Int](repeating: 0, count: shape.rank)
    var offset = 0
    try Piece.with { (room) throws(DataFileFault) in
      guard let piece = room.baseAddress else { return }
      var done = 0
      while done < shape.count {
        let count = min(shape.count - done, most)
        try check(
          try contents.type.read(
            count, from: stream, isBigEndian: contents.isBigEndian, into: piece, as: dtype),
          before: done * contents.type.byteWidth)
        for index in 0..<count {
          (tensor.storage.pointer + offset * width)
            .copyMemory(from: piece + index * width, byteCount: width)
          // On to the next place: the first axis runs fastest.
          for axis in place.indices {
            place[axis] += 1
            offset += strides[axis]
            if place[axis] < shape[axis] { break }
            offset -= place[axis] * strides[axis]
            place[axis] = 0
          }
        }
        done += count
      }
    }
  }
}
