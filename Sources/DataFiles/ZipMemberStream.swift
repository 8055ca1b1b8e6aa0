import CZlib

/// The bytes of an archive's member, as they were before it was archived. Its length and its
/// checksum are compared when its end is reached.
final class ZipMemberStream: ByteStream {
  private let member: ZipArchive.Member
  private let bytes: any ByteStream
  private var done = 0
  private var checksum = crc32(0, nil, 0)

  /// A member whose place is known.
  init(_ member: ZipArchive.Member, in archive: any AddressedStream) throws(DataFileFault) {
    self.member = member
    let stored = StretchStream(
      archive, member.dataStart..<member.dataStart + member.storedBytes)
    bytes = member.isDeflated ? try GzipStream(stored, isBare: true) : stored
  }

  /// As the directory says, which is compared with what comes.
  var remaining: Int? { member.byteCount - done }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Int {
    let wanted = min(buffer.count, member.byteCount - done)
    let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
    let found = try readOn(into: piece)
    guard found == wanted else {
      throw .archive(.length(member.name, said: member.byteCount))
    }
    for start in stride(from: 0, to: found, by: 1 << 30) {
      checksum = crc32(
        checksum, piece.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self),
        UInt32(min(found - start, 1 << 30)))
    }
    done += found
    if done == member.byteCount, found > 0 { try checkEnd() }
    return found
  }

  private func readOn(
    into piece: UnsafeMutableRawBufferPointer
  ) throws(DataFileFault) -> Int {
    do throws(DataFileFault) { return try bytes.read(into: piece) } catch {
      guard case .gzip = error else { throw error }
      throw .member(member.name, error)
    }
  }

  private func checkEnd() throws(DataFileFault) {
    var more: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &more) { (byte) throws(DataFileFault) in
      try readOn(into: byte)
    }
    guard count == 0 else { throw .archive(.length(member.name, said: member.byteCount)) }
    guard checksum == uLong(member.checksum) else {
      throw .archive(.checksum(member.name))
    }
  }
}

/// A stretch of bytes that can be read anywhere, from its first on.
private final class StretchStream: ByteStream {
  private let source: any AddressedStream
  private var rest: Range<Int>

  init(_ source: any AddressedStream, _ stretch: Range<Int>) {
    self.source = source
    rest = stretch
  }

  var remaining: Int? { rest.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Int {
    let wanted = min(buffer.count, rest.count)
    let found = try source.read(
      at: rest.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
    rest = rest.lowerBound + found..<rest.upperBound
    return found
  }
}
