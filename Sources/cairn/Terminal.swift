import Glibc

/// What is known of the terminal.
enum Terminal {
  /// True where the descriptor is a terminal that takes colour and nobody asked for none.
  static func showsColour(_ descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1 else { return false }
    if let wish = environment("NO_COLOR"), !wish.isEmpty { return false }
    return environment("TERM") != "dumb"
  }

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
