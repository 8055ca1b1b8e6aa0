import Foundation
import Glibc

/// Messages over two descriptors: of each its length in four bytes, the lowest first, and its JSON.
struct Frames {
  /// Bytes of a message, at most: a submission and what it may import go in one.
  static let longest = 64 << 20

  /// Why a message did not come or go.
  enum Failure: Error {
    /// The other end is gone.
    case ended
    /// What came is no message of the kind that was due.
    case malformed
    /// The clock's backstop.
    case late
  }

  /// What is read from, and what is written to.
  let input, output: Int32

  /// Makes what is written never wait by itself, so that `send` can give up in time.
  func waitNoLonger() { _ = fcntl(output, F_SETFL, fcntl(output, F_GETFL) | O_NONBLOCK) }

  /// Sends a message, at most until a moment; that takes `waitNoLonger` first.
  func send(_ message: some Encodable, until deadline: Date? = nil) throws(Failure) {
    guard let body = try? JSONEncoder().encode(message), body.count <= Frames.longest else {
      throw .malformed
    }
    var bytes = withUnsafeBytes(of: UInt32(body.count).littleEndian) { [UInt8]($0) }
    bytes += body
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN, let deadline {
        try wait(for: POLLOUT, of: output, until: deadline)
        continue
      }
      guard count > 0 else { throw .ended }
      sent += count
    }
  }

  /// Waits for a message, at most until a moment.
  func receive<Message: Decodable>(
    _: Message.Type, of longest: Int = Frames.longest, until deadline: Date? = nil
  ) throws(Failure) -> Message {
    let header = try bytes(4, until: deadline)
    let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= longest else { throw .malformed }
    let body = try bytes(count, until: deadline)
    guard let message = try? JSONDecoder().decode(Message.self, from: Data(body)) else {
      throw .malformed
    }
    return message
  }

  private func bytes(_ count: Int, until deadline: Date?) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    while read < count {
      if let deadline { try wait(for: POLLIN, of: input, until: deadline) }
      let more = bytes[read...].withUnsafeMutableBytes {
        Glibc.read(input, $0.baseAddress, $0.count)
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw .ended }
      read += more
    }
    return bytes
  }

  private func wait(
    for event: Int32, of descriptor: Int32, until deadline: Date
  ) throws(Failure) {
    while true {
      let left = deadline.timeIntervalSinceNow
      guard left > 0 else { throw .late }
      var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let ready = poll(&waiting, 1, Int32(min(left * 1000, 60_000)) + 1)
      if ready > 0 { return }
      if ready < 0, errno != EINTR { throw .ended }
    }
  }
}
