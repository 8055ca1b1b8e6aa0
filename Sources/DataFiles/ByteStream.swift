import Writing

/// Bytes that are read once, from the first to the last, in pieces.
package protocol ByteStream: AnyObject {
  /// Bytes not yet read, where that is known before they are.
  var remaining: Int? { get }

  /// Most bytes that can be left to read, where a bound is known before they are.
  var most: Int? { get }

  /// Fills a buffer with the next bytes, and says how many there were: fewer than it has room for
  /// only at the end. Throws where the system, the format or a person says no.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Int
}

/// Bytes that can be read again from the first on.
package protocol RereadableStream: ByteStream {
  /// Back to the first byte. Throws `.file(.changed)` where the bytes are others by now.
  func rewind() throws(DataFileFault)
}

extension ByteStream {
  package var most: Int? { remaining }
}

/// Bytes of known number that can be read anywhere.
package protocol AddressedStream: RereadableStream {
  /// How many there are; `nil` where that is not known.
  var byteCount: Int? { get }

  /// Fills a buffer with the bytes from a place on, and says how many there were. What
  /// `read(into:)` gives next stays as it was.
  func read(
    at place: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(DataFileFault) -> Int
}

/// How much is read at once, in bytes.
enum Piece {
  static let byteCount = 1 << 20

  /// Calls a body with room for a piece, and gives the room back.
  static func with<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Result
  ) throws(DataFileFault) -> Result {
    let room = try workRoom(byteCount)
    defer { withExtendedLifetime(room) {} }
    return try body(room.bytes)
  }
}

extension ByteStream {
  /// The next bytes as a list: as many as asked for, or fewer at the end.
  func next(_ count: Int) throws(DataFileFault) -> [UInt8] {
    let room = try workRoom(count)
    defer { withExtendedLifetime(room) {} }
    let found = try read(into: room.bytes)
    return Array(room.bytes[..<found])
  }

  /// True where no byte is left. Reads on to see.
  func isAtEnd() throws(DataFileFault) -> Bool { try next(1).isEmpty }
}

extension RereadableStream {
  /// These bytes, or what they hold where gzip compressed them, from the first on: they are told by
  /// how they begin.
  package func inflated() throws(DataFileFault) -> any RereadableStream {
    let start = try next(GzipStream.magic.count)
    try rewind()
    return start == GzipStream.magic ? try GzipStream(self) : self
  }
}

/// Bytes that are in memory already.
package final class MemoryStream: AddressedStream {
  private let bytes: [UInt8]
  private var place = 0

  /// These bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var remaining: Int? { bytes.count - place }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - place)
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count]))
    }
    place += count
    return count
  }

  package func rewind() { place = 0 }

  package var byteCount: Int? { bytes.count }

  package func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard place < bytes.count else { return 0 }
    let end = min(place + buffer.count, bytes.count)
    buffer.copyBytes(from: bytes[place..<end])
    return end - place
  }
}
