import Execution
import Glibc

/// Ctrl-C, Ctrl-Z and changes of the window: handlers that only set a flag and write a byte, which
/// the line editor polls.
enum Signals {
  /// What the line editor hears of: `continued` where the process goes on after it was stopped.
  enum Event { case interrupt, stop, continued, resize }

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
    install(SIGCONT) { _ in
      let code = errno
      tell(UInt8(ascii: "c"))
      errno = code
    }
  }

  /// While true, Ctrl-Z is an event: whoever reads it gives the terminal back before it calls
  /// `stop`. Where the process was started with Ctrl-Z ignored, it stays so.
  nonisolated(unsafe) static var hearsOfStop = false {
    didSet {
      guard hearsOfStop != oldValue else { return }
      var known = sigaction()
      sigaction(SIGTSTP, nil, &known)
      if let handler = known.__sigaction_handler.sa_handler,
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      {
        return
      }
      if hearsOfStop {
        install(SIGTSTP) { _ in
          let code = errno
          tell(UInt8(ascii: "z"))
          errno = code
        }
      } else {
        signal(SIGTSTP, SIG_DFL)
      }
    }
  }

  /// Stops the process until somebody lets it go on, as Ctrl-Z does; then `continued` is heard.
  static func stop() {
    hearsOfStop = false
    raise(SIGTSTP)
    hearsOfStop = true
    // Where the system takes no stop, nobody lets it go on.
    tell(UInt8(ascii: "c"))
  }

  /// The descriptor that is readable when something happened.
  static var descriptor: Int32 { pipeEnds.read }

  /// What happened since the last call; of several things the first of interrupt, stop,
  /// continued, resize.
  static func next() -> Event? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(pipeEnds.read, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let heard = bytes[..<count]
    if heard.contains(UInt8(ascii: "i")) { return .interrupt }
    if heard.contains(UInt8(ascii: "z")) { return .stop }
    return heard.contains(UInt8(ascii: "c")) ? .continued : .resize
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
