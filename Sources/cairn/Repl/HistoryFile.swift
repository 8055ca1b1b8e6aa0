@preconcurrency import CReadline
import Glibc

/// The history across sessions: a file that only its owner reads, of at most a thousand entries.
final class HistoryFile {
  static let capacity: Int32 = 1000

  private let path: String

  /// `$CAIRN_HISTORY`, or `history` in `$XDG_STATE_HOME/cairn` or `~/.local/state/cairn`. `nil`
  /// where there is no place for it: the history then lasts as long as the session.
  init?() {
    if let path = Terminal.environment("CAIRN_HISTORY") {
      guard !path.isEmpty else { return nil }
      self.path = path
      return
    }
    let state: String
    if let base = Terminal.environment("XDG_STATE_HOME"), base.hasPrefix("/") {
      state = base
    } else if let home = Terminal.environment("HOME"), !home.isEmpty {
      state = home + "/.local/state"
    } else {
      return nil
    }
    let directory = state + "/cairn"
    HistoryFile.makeDirectory(directory)
    path = directory + "/history"
  }

  /// Reads the file into readline's history, and cuts it to its capacity.
  func load() {
    using_history()
    // Entries of several lines are told apart by the time stamps between them.
    history_comment_char = CChar(UInt8(ascii: "#"))
    history_write_timestamps = 1
    stifle_history(HistoryFile.capacity)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    fchmod(descriptor, 0o600)
    close(descriptor)
    read_history(path)
    truncate()
  }

  /// Adds an entry, unless it repeats the last one.
  func add(_ entry: String) {
    guard entry.contains(where: { !$0.isWhitespace }) else { return }
    if history_length > 0, let last = history_get(history_base + history_length - 1),
      let line = last.pointee.line, String(cString: line) == entry
    {
      return
    }
    add_history(entry)
    guard append_history(1, path) == 0 else { return }
    truncate()
  }

  private func truncate() {
    history_truncate_file(path, HistoryFile.capacity)
    chmod(path, 0o600)
  }

  /// Makes a directory and those above it, for its owner alone.
  private static func makeDirectory(_ path: String) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }
}
