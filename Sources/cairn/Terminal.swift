import Glibc

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

  /// The value of an environment variable; `nil` where it is not set.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

// What `restore` touches: set before any signal is handled.
private nonisolated(unsafe) var known = UnsafeMutablePointer<termios>.allocate(capacity: 1)
private nonisolated(unsafe) var isKnown = false
