import Glibc
import Syntax

/// What is known of the terminal.
enum Terminal {
  /// True where the descriptor is a terminal that takes colour and nobody asked for none.
  static func showsColour(_ descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1 else { return false }
    if let wish = environment("NO_COLOR"), !wish.isEmpty { return false }
    return environment("TERM") != "dumb"
  }

  /// Remembers how the terminal at standard input is set, for `restore`.
  static func remember() {
    isKnown = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, known) == 0
  }

  /// Sets the terminal as it was when it was remembered, where line editing has changed it. May be
  /// called by a signal handler.
  static func restore() {
    if isEdited, isKnown { tcsetattr(STDIN_FILENO, TCSANOW, known) }
  }

  /// True while lines are edited, and the terminal is set for that.
  nonisolated(unsafe) static var isEdited = false

  /// Characters in a line; 80 where standard output is no terminal.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a text whole, past every buffer. Where standard output cannot take it, the program
  /// ends: what it would say from there on is lost.
  static func put(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        switch errno {
        case EINTR: break
        case EAGAIN: waitUntilWritable(descriptor)
        default:
          if descriptor == STDOUT_FILENO { endForLostOutput(errno) }
          return
        }
      }
      offset += max(count, 0)
    }
  }

  /// Whoever opened the descriptor may have made it one that does not wait.
  private static func waitUntilWritable(_ descriptor: Int32) {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&wanted, 1, -1)
  }

  /// Has what libraries print (the command line's help) flushed at the end, and its loss told.
  static func watchBufferedOutput() {
    atexit {
      if fflush(nil) != 0 { Terminal.endForLostOutput(errno) }
    }
  }

  /// Ends the program with a message and a status that says that it failed.
  private static func endForLostOutput(_ code: Int32) -> Never {
    let fault = Diagnostic.unwritableOutput(code)
    put(DiagnosticRenderer(isColoured: false).text(fault) + "\n", to: STDERR_FILENO)
    // EX_IOERR of sysexits.h.
    _exit(74)
  }

  /// The value of an environment variable; `nil` where it is not set.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

// What `restore` touches: set before any signal is handled.
private nonisolated(unsafe) var known = UnsafeMutablePointer<termios>.allocate(capacity: 1)
private nonisolated(unsafe) var isKnown = false
