import CMemory
import CZlib
import Glibc
import Writing

/// What a gzip file holds, inflated piece by piece, member after member. Each member's checksum and
/// length are compared when its end is reached. It inflates what has no such frame, too.
package final class GzipStream: RereadableStream {
  /// The most that a byte of deflate holds, in bytes: a match of 258 bytes takes 2 bits at least.
  static let mostInflation = 1032

  /// Why bytes cannot be inflated.
  package enum Problem: Error, Hashable {
    /// They end in the midst of what they hold.
    case cutShort
    /// They are no gzip, or bent.
    case damaged
    /// What they hold is other than the checksum (CRC-32) or the length behind it says.
    case checksum
    /// Behind the last member stand bytes that begin no other.
    case trailing
  }

  /// How a gzip file begins.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// About what the library needs while it inflates, in bytes: the widest window, and its state.
  private static let windowBytes = 40 << 10

  private let source: any ByteStream
  /// True for deflated bytes without the frame of gzip (RFC 1951): one stretch, and nothing behind.
  private let isBare: Bool
  private let stream: UnsafeMutablePointer<z_stream>
  private let room: Room
  /// Members whose end was reached.
  private var members = 0
  /// False between two members, and before the first.
  private var isWithin = false
  private var isReady = false

  /// What `source` holds.
  /// - Parameters:
  ///   - begun: Bytes that were read of it already, at most a piece.
  ///   - isBare: True where it has no frame, and no checksum.
  ///
  /// Throws where there is no room for what it holds.
  init(
    _ source: any ByteStream, begun: [UInt8] = [], isBare: Bool = false
  ) throws(DataFileFault) {
    self.source = source
    self.isBare = isBare
    room = try workRoom(1 << 18)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    stream.pointee.zalloc = { _, count, size in cm_ask(Int(count) * Int(size)) }
    stream.pointee.zfree = { _, block in free(block) }
    room.bytes.copyBytes(from: begun)
    stream.pointee.next_in = room.bytes.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_in = UInt32(begun.count)
    // 16 more than the widest window: gzip, and nothing else; below 0: no frame.
    let status = inflateInit2_(
      stream, isBare ? -15 : 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status == Z_MEM_ERROR { throw .memory(.exhausted(needed: GzipStream.windowBytes)) }
    isReady = status == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  /// A gzip file does not say how much it holds in all.
  package var remaining: Int? { nil }

  package var most: Int? {
    // Some bytes more may be on their way through the library.
    source.most.map { ($0 + Int(stream.pointee.avail_in) + 8) * GzipStream.mostInflation }
  }

  /// Throws `.file` where the bytes that hold it cannot be read again.
  package func rewind() throws(DataFileFault) {
    guard let source = source as? any RereadableStream else { throw .file(.system(ESPIPE)) }
    try source.rewind()
    stream.pointee.avail_in = 0
    inflateReset(stream)
    (members, isWithin) = (0, false)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Int {
    guard isReady else { throw .gzip(.damaged) }
    var done = 0
    while done < buffer.count {
      if stream.pointee.avail_in == 0 { try refill() }
      if stream.pointee.avail_in == 0 {
        guard !isWithin, !isBare || members == 1 else { throw .gzip(.cutShort) }
        break
      }
      guard !isBare || members == 0 else { throw .gzip(.trailing) }
      let wanted = min(buffer.count - done, 1 << 30)
      stream.pointee.next_out = buffer.baseAddress?.advanced(by: done)
        .assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(wanted)
      isWithin = true
      let status = inflate(stream, Z_NO_FLUSH)
      done += wanted - Int(stream.pointee.avail_out)
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_MEM_ERROR: throw .memory(.exhausted(needed: GzipStream.windowBytes))
      case Z_STREAM_END:
        isWithin = false
        members += 1
        inflateReset(stream)
      default: throw .gzip(problem)
      }
    }
    return done
  }

  private func refill() throws(DataFileFault) {
    let count = try source.read(into: room.bytes)
    stream.pointee.next_in = room.bytes.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_in = UInt32(count)
  }

  /// What the library says in a word of its own, as a case.
  private var problem: Problem {
    switch stream.pointee.msg.map({ String(cString: $0) }) {
    case "incorrect data check", "incorrect length check": .checksum
    case "incorrect header check": members > 0 ? .trailing : .damaged
    default: .damaged
    }
  }
}
