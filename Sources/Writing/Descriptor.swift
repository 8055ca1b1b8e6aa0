import Glibc

/// Bytes into and out of what the system has open.
package enum Descriptor {
  /// How often a wait asks whether it is still wanted, in milliseconds.
  private static let patience: Int32 = 100

  /// Opens a file, whatever signals come meanwhile. The descriptor is closed in other programs.
  ///
  /// - Parameters:
  ///   - path: Bytes with a NUL at their end.
  ///   - flags: As `open` of the system takes them.
  ///   - mode: Rights of a file that is made, less what the process's mask takes.
  package static func open(
    _ path: [CChar], _ flags: Int32, _ mode: UInt32 = 0
  ) throws(FileFailure) -> Int32 {
    while true {
      let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, mode)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .system(errno) }
    }
  }

  /// Writes all bytes: goes on where a part was taken, and waits where the descriptor does not.
  ///
  /// A pipe without a reader is a problem (`EPIPE`) only where the process does not end by its
  /// signal.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, isStopped: () -> Bool = { false }
  ) throws(FileFailure) {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let count = Glibc.write(descriptor, start + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .system(EIO)
      } else {
        try goOn(descriptor, Int16(POLLOUT), after: errno, isStopped)
      }
    }
  }

  /// Reads what is there, at least a byte, into the buffer; gives the number of bytes, 0 at the
  /// end.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer,
    isStopped: () -> Bool = { false }
  ) throws(FileFailure) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      try goOn(descriptor, Int16(POLLIN), after: errno, isStopped)
    }
  }

  /// Waits until a descriptor may have something (`POLLIN`), or take something (`POLLOUT`).
  package static func wait(
    _ descriptor: Int32, _ event: Int16, _ isStopped: () -> Bool = { false }
  ) throws(FileFailure) {
    var wanted = pollfd(fd: descriptor, events: event, revents: 0)
    while true {
      guard !isStopped() else { throw .stopped }
      let count = poll(&wanted, 1, patience)
      if count > 0 { return }
      if count < 0, errno != EINTR { throw .system(errno) }
    }
  }

  /// Waits where a call failed for nothing but that; throws where it failed for more.
  private static func goOn(
    _ descriptor: Int32, _ event: Int16, after code: Int32, _ isStopped: () -> Bool
  ) throws(FileFailure) {
    switch code {
    case EINTR: if isStopped() { throw .stopped }
    case EAGAIN: try wait(descriptor, event, isStopped)
    default: throw .system(code)
    }
  }
}
