import Evaluation
import Glibc

/// Ctrl-C and changes of the window: a handler that only sets a flag and writes a byte, which the
/// line editor polls.
enum Signals {
  enum Event { case interrupt, resize }

  /// Watches SIGINT and SIGWINCH from here on.
  ///
  /// - Parameters:
  ///   - interruption: Set at each SIGINT, so that a running command stops.
  ///   - endsAtSecond: True where a second SIGINT, before the first had an effect, ends the
  ///     process.
  static func watch(_ interruption: Interruption, endsAtSecond: Bool) {
    watched = interruption
    isImpatient = endsAtSecond
    if pipeEnds.write < 0 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return }
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
      pipeEnds = (ends[0], ends[1])
    }
    install(SIGINT) { _ in
      let code = errno
      if isImpatient, watched?.isRequested == true {
        signal(SIGINT, SIG_DFL)
        raise(SIGINT)
      }
      watched?.request()
      tell(UInt8(ascii: "i"))
      errno = code
    }
    install(SIGWINCH) { _ in
      let code = errno
      tell(UInt8(ascii: "w"))
      errno = code
    }
  }

  /// The descriptor that is readable when something happened.
  static var descriptor: Int32 { pipeEnds.read }

  /// What happened since the last call; an interrupt before a resize.
  static func next() -> Event? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(pipeEnds.read, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return bytes[..<count].contains(UInt8(ascii: "i")) ? .interrupt : .resize
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void)
  {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
  }
}

// What the handlers touch: plain words, set before the handlers are installed.
private nonisolated(unsafe) var watched: Interruption?
private nonisolated(unsafe) var isImpatient = false
private nonisolated(unsafe) var pipeEnds: (read: Int32, write: Int32) = (-1, -1)

private func tell(_ byte: UInt8) {
  var byte = byte
  _ = write(pipeEnds.write, &byte, 1)
}
