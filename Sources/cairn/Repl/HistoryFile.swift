@preconcurrency import CReadline
import Glibc
import Notebook
import Writing

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
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      fchmod(descriptor, 0o600)
    }
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

  /// Cuts the file to its capacity; where that cannot be, it stays longer.
  private func truncate() {
    guard let text = try? ScriptFile.read(path).text else { return }
    let cut = HistoryFile.cut(text, to: Int(HistoryFile.capacity))
    if cut.utf8.count < text.utf8.count { try? WholeFile.write(cut, to: path, mode: 0o600) }
  }

  /// The last entries of a history's text. A line with a time stamp stands before each of them;
  /// where there are none, each line is an entry.
  private static func cut(_ text: String, to count: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var starts = lines.indices.filter { isStamp(lines[$0]) }
    if starts.isEmpty { starts = lines.indices.filter { !lines[$0].isEmpty } }
    guard starts.count > count else { return text }
    return lines[starts[starts.count - count]...].joined(separator: "\n")
  }

  /// `#1732632993`
  private static func isStamp(_ line: Substring) -> Bool {
    line.first == "#" && line.count > 1 && line.dropFirst().allSatisfy { ("0"..."9").contains($0) }
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
