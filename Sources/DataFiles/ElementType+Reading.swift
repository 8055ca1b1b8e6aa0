import Tensors

extension ElementType {
  /// How the reading of elements ended.
  enum Reading {
    /// All are there.
    case whole
    /// The file ended after so many bytes of them.
    case cutShort(Int)
    /// One is a whole number that an i64 does not hold here.
    case excess(String)
  }

  /// Reads elements from a stream into memory of `count` elements of a type that holds them, piece
  /// by piece: straight into it where the bytes are the same, else converted a piece at a time.
  func read(
    _ count: Int, from stream: any ByteStream, isBigEndian: Bool = false,
    into target: UnsafeMutableRawPointer, as dtype: DType
  ) throws(DataFileFault) -> Reading {
    // A truth of a file may be any byte; one of a tensor is 0 or 1. An i64 of a tensor is no more
    // than 2⁵³.
    if self == dtype.elementType, self != .bool, self != .i64 {
      return try readAsTheyLie(count, from: stream, isBigEndian, into: target)
    }
    let most = Piece.byteCount / byteWidth
    return try Piece.with { (room) throws(DataFileFault) in
      var done = 0
      while done < count {
        let wanted = min(count - done, most)
        let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<(wanted * byteWidth)])
        let found = try stream.read(into: piece)
        guard found == piece.count else { return .cutShort(done * byteWidth + found) }
        let start = target + done * dtype.byteWidth
        if let excess = convert(piece, isBigEndian, into: start, as: dtype) {
          return .excess(excess)
        }
        done += wanted
      }
      return .whole
    }
  }

  private func readAsTheyLie(
    _ count: Int, from stream: any ByteStream, _ isBigEndian: Bool,
    into target: UnsafeMutableRawPointer
  ) throws(DataFileFault) -> Reading {
    let bytes = count * byteWidth
    var done = 0
    while done < bytes {
      let piece = UnsafeMutableRawBufferPointer(
        start: target + done, count: min(bytes - done, Piece.byteCount))
      let found = try stream.read(into: piece)
      guard found == piece.count else { return .cutShort(done + found) }
      if isBigEndian {
        switch byteWidth {
        case 2: for word in piece.places(of: 2) { piece.swapBytes(UInt16.self, at: word) }
        case 4: for word in piece.places(of: 4) { piece.swapBytes(UInt32.self, at: word) }
        case 8: for word in piece.places(of: 8) { piece.swapBytes(UInt64.self, at: word) }
        default: break
        }
      }
      done += piece.count
    }
    return .whole
  }

  /// Converts a piece; gives the first whole number that has no place in the type.
  private func convert(
    _ piece: UnsafeMutableRawBufferPointer, _ isBigEndian: Bool,
    into target: UnsafeMutableRawPointer, as dtype: DType
  ) -> String? {
    let words = Words(piece: UnsafeRawBufferPointer(piece), isBigEndian: isBigEndian)
    switch (self, dtype) {
    case (.u8, .f32): words.store(UInt8.self, target) { Float($0) }
    case (.bool, _): words.store(UInt8.self, target) { UInt8($0 == 0 ? 0 : 1) }
    case (.i8, _): words.store(UInt8.self, target) { Int32(Int8(bitPattern: $0)) }
    case (.u8, _): words.store(UInt8.self, target) { Int32($0) }
    case (.i16, _): words.store(UInt16.self, target) { Int32(Int16(bitPattern: $0)) }
    case (.u16, _): words.store(UInt16.self, target) { Int32($0) }
    case (.u32, _): words.store(UInt32.self, target) { Int64($0) }
    case (.i64, _): return words.storeExactly(UInt64.self, target) { Int64(bitPattern: $0) }
    case (.u64, _): return words.storeExactly(UInt64.self, target) { $0 }
    case (.f32, _), (.f64, _), (.f16, _), (.bf16, _), (.i32, _): break
    }
    return nil
  }
}

extension DType {
  /// The elements as they lie in a tensor, and in a file that is written here.
  var elementType: ElementType {
    switch self {
    case .f32: .f32
    case .f64: .f64
    case .f16: .f16
    case .bf16: .bf16
    case .i32: .i32
    case .i64: .i64
    case .bool: .bool
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func places(of width: Int) -> StrideTo<Int> { stride(from: 0, to: count, by: width) }

  fileprivate func swapBytes<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, at place: Int
  ) {
    storeBytes(
      of: loadUnaligned(fromByteOffset: place, as: word).byteSwapped, toByteOffset: place, as: word)
  }
}

/// The bytes of a piece as words in either order of bytes.
private struct Words {
  let piece: UnsafeRawBufferPointer
  let isBigEndian: Bool

  /// Stores each word as an element of a tensor.
  func store<Word: FixedWidthInteger & BitwiseCopyable, Element>(
    _ word: Word.Type, _ target: UnsafeMutableRawPointer, _ element: (Word) -> Element
  ) {
    let width = MemoryLayout<Word>.size
    let elements = target.assumingMemoryBound(to: Element.self)
    for index in 0..<(piece.count / width) {
      let bits = piece.loadUnaligned(fromByteOffset: index * width, as: word)
      elements[index] = element(isBigEndian ? Word(bigEndian: bits) : Word(littleEndian: bits))
    }
  }

  /// Stores each word's number as an i64; stops at the first beyond its limit, and gives it.
  func storeExactly<Word: FixedWidthInteger & BitwiseCopyable, Number: FixedWidthInteger>(
    _ word: Word.Type, _ target: UnsafeMutableRawPointer, _ number: (Word) -> Number
  ) -> String? {
    let width = MemoryLayout<Word>.size
    let elements = target.assumingMemoryBound(to: Int64.self)
    for index in 0..<(piece.count / width) {
      let bits = piece.loadUnaligned(fromByteOffset: index * width, as: word)
      let number = number(isBigEndian ? Word(bigEndian: bits) : Word(littleEndian: bits))
      guard let element = Int64(exactly: number), element.magnitude <= DType.wholeLimit else {
        return String(number)
      }
      elements[index] = element
    }
    return nil
  }
}
