import Execution
import Glibc

/// Ctrl-C, Ctrl-Z, changes of the window, and requests to end: handlers that only set a flag and
/// write a byte, which whoever waits for lines polls.
enum Signals {
  /// What is heard while lines are awaited: `continued` where the process goes on after it was
  /// stopped, `ending` where it was asked to end.
  enum Event { case interrupt, stop, continued, resize, ending }

  /// Requested by each of SIGINT, SIGTERM and SIGHUP: what stops every session of this process. It
  /// stands until it is taken back.
  static let interruption = Interruption()

  /// Watches the signals from here on.
  ///
  /// - Parameter endsAtSecond: True where a second SIGINT, before the first is taken back, ends the
  ///   process.
  static func watch(endsAtSecond: Bool) {
    watched = interruption
    isImpatient = endsAtSecond
    openPipe()
    install(SIGINT) { _ in
      let code = errno
      if isImpatient, watched?.isRequested == true { die(of: SIGINT) }
      watched?.request()
      tell(UInt8(ascii: "i"))
      errno = code
    }
    for signal in [SIGTERM, SIGHUP] where !isIgnored(signal) {
      install(signal) { signal in
        let code = errno
        // Whoever asks twice, or waits for long, is not kept waiting.
        if asked != 0 { die(of: signal) }
        asked = signal
        alarm(Signals.secondsToEnd)
        watched?.request()
        tell(UInt8(ascii: "e"))
        errno = code
      }
    }
    install(SIGALRM) { _ in die(of: asked == 0 ? SIGALRM : asked) }
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

  /// Seconds that a command has to stop in once the process is asked to end.
  private static let secondsToEnd: UInt32 = 3

  /// True once the process was asked to end.
  static var areEnding: Bool { asked != 0 }

  /// Ends the process by the signal that asked it to end, if one did; what it has to save is saved.
  static func endIfAsked() {
    if asked != 0 { die(of: asked) }
  }

  private static func openPipe() {
    guard pipeEnds.write < 0 else { return }
    var ends: [Int32] = [-1, -1]
    // Without a pipe, signals that come while a line is awaited are heard with the next line.
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    pipeEnds = (ends[0], ends[1])
  }

  /// While true, Ctrl-Z is an event: whoever reads it gives the terminal back before it calls
  /// `stop`. Where the process was started with Ctrl-Z ignored, it stays so.
  nonisolated(unsafe) static var hearsOfStop = false {
    didSet {
      guard hearsOfStop != oldValue, !isIgnored(SIGTSTP) else { return }
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

  /// What happened since the last call; of several things the first of ending, interrupt, stop,
  /// continued, resize.
  static func next() -> Event? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(pipeEnds.read, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let heard = bytes[..<count]
    if heard.contains(UInt8(ascii: "e")) { return .ending }
    if heard.contains(UInt8(ascii: "i")) { return .interrupt }
    if heard.contains(UInt8(ascii: "z")) { return .stop }
    return heard.contains(UInt8(ascii: "c")) ? .continued : .resize
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var known = sigaction()
    sigaction(number, nil, &known)
    guard let handler = known.__sigaction_handler.sa_handler else { return false }
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
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
/// The signal that asked the process to end; 0 where none did.
private nonisolated(unsafe) var asked: Int32 = 0

private func tell(_ byte: UInt8) {
  var byte = byte
  _ = write(pipeEnds.write, &byte, 1)
}

/// Ends the process as the signal does where nobody handles it; the terminal is as it was.
private func die(of number: Int32) {
  Terminal.restore()
  signal(number, SIG_DFL)
  var only = sigset_t()
  sigemptyset(&only)
  sigaddset(&only, number)
  raise(number)
  // Blocked while its own handler runs.
  pthread_sigmask(SIG_UNBLOCK, &only, nil)
}
