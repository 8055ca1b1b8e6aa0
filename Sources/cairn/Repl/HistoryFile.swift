@preconcurrency import CReadline
import Foundation
import Writing

/// The history across sessions: a file that only its owner reads, of at most a thousand entries.
///
/// An entry is a line `#` with the seconds since 1970, its first line, and its other lines behind a
/// tab each: so an entry may have any lines, comments and empty ones too.
final class HistoryFile {
  /// Entries that are kept.
  static let capacity = 1000

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
    stifle_history(Int32(HistoryFile.capacity))
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      fchmod(descriptor, 0o600)
    }
    close(descriptor)
    for entry in cut(records()) { add_history(entry.text) }
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
    let record = Record(stamp: "#\(time(nil))", lines: entry.components(separatedBy: "\n"))
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    Terminal.put(record.written, to: descriptor)
    close(descriptor)
    _ = cut(records())
  }

  // MARK: Records

  /// An entry with the line that stands above it.
  private struct Record {
    /// `#` and the seconds since 1970.
    let stamp: String
    /// Its lines, without the tabs.
    var lines: [String]

    /// The entry as it was typed.
    var text: String { lines.joined(separator: "\n") }
    /// The entry as the file holds it.
    var written: String { stamp + "\n" + lines.joined(separator: "\n\t") + "\n" }
  }

  /// The entries of the file, the oldest first.
  private func records() -> [Record] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    var lines = String(decoding: data, as: UTF8.self).components(separatedBy: "\n")[...]
    if lines.last == "" { lines.removeLast() }
    var records: [Record] = []
    while let line = lines.popFirst() {
      if line.hasPrefix("\t") || !HistoryFile.isStamp(line), !records.isEmpty {
        // Older files have the other lines of an entry without a tab.
        let rest = line.hasPrefix("\t") ? String(line.dropFirst()) : line
        records[records.count - 1].lines.append(rest)
      } else if HistoryFile.isStamp(line), let first = lines.popFirst() {
        records.append(Record(stamp: line, lines: [first]))
      }
    }
    return records
  }

  /// `#1732632993`
  private static func isStamp(_ line: String) -> Bool {
    line.first == "#" && line.count > 1 && line.dropFirst().allSatisfy { ("0"..."9").contains($0) }
  }

  /// The last entries, as many as the file may have; the file then has no others, where it can be
  /// written.
  private func cut(_ records: [Record]) -> [Record] {
    guard records.count > HistoryFile.capacity else { return records }
    let kept = Array(records.suffix(HistoryFile.capacity))
    try? WholeFile.write(kept.map(\.written).joined(), to: path, mode: 0o600)
    return kept
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
