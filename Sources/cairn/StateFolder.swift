import Glibc

/// Where the program keeps what it remembers from one session to the next.
enum StateFolder {
  /// `$XDG_STATE_HOME/cairn` or `~/.local/state/cairn`, made where it is not there; `nil` where the
  /// environment names no place for it.
  static var path: String? {
    let state: String
    if let base = Terminal.environment("XDG_STATE_HOME"), base.hasPrefix("/") {
      state = base
    } else if let home = Terminal.environment("HOME"), !home.isEmpty {
      state = home + "/.local/state"
    } else {
      return nil
    }
    make(state + "/cairn")
    return state + "/cairn"
  }

  /// Makes a directory and those above it, for its owner alone.
  private static func make(_ path: String) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }
}
