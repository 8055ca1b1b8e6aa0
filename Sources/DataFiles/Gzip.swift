import CZlib

/// The gzip format, of which files come that are handed out compressed.
package enum Gzip {
  /// Why bytes cannot be inflated.
  package enum Problem: Error, Hashable {
    /// They end in the midst of what they hold.
    case cutShort
    /// They are no gzip, or their checksum is another.
    case damaged
  }

  /// True for bytes that begin as gzip does.
  package static func isCompressed(_ file: [UInt8]) -> Bool { file.starts(with: [0x1f, 0x8b]) }

  /// What a gzip file holds, member after member: all of it, or its first `limit` bytes.
  package static func inflated(_ file: [UInt8], limit: Int) throws(Problem) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start < file.count, result.count < limit {
      start += try inflate(file[start...], limit: limit, into: &result)
    }
    return result
  }

  /// Inflates one member, and gives how many bytes it took.
  private static func inflate(
    _ member: ArraySlice<UInt8>, limit: Int, into result: inout [UInt8]
  ) throws(Problem) -> Int {
    var stream = z_stream()
    // 16 more than the widest window: gzip, and nothing else.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .damaged }
    defer { inflateEnd(&stream) }
    var room = [UInt8](repeating: 0, count: 1 << 16)
    var taken = 0
    var status = Z_OK
    while status == Z_OK, result.count < limit {
      let portion = min(member.count - taken, 1 << 30)
      let (left, made) = member.withUnsafeBytes { source in
        room.withUnsafeMutableBufferPointer { target in
          stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.advanced(by: taken).assumingMemoryBound(to: UInt8.self))
          stream.avail_in = UInt32(portion)
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (Int(stream.avail_in), target.count - Int(stream.avail_out))
        }
      }
      taken += portion - left
      result += room[..<min(made, limit - result.count)]
    }
    switch status {
    case Z_OK, Z_STREAM_END: return taken
    case Z_BUF_ERROR: throw .cutShort
    default: throw .damaged
    }
  }
}
