@preconcurrency import CReadline
import Foundation
import Syntax
import Writing

/// The history across sessions: a file that only its owner reads, of at most a thousand entries. In
/// the midst of a session it may have twice the bytes of those: it is cut each time it doubled, and
/// at the end, not for each entry.
///
/// An entry is a line `#` with the seconds since 1970, its first line, and its other lines behind a
/// tab each: so an entry may have any lines, comments and empty ones too.
final class HistoryFile {
  /// Entries that are kept.
  static let capacity = 1000
  /// Most bytes that the file may have: a larger one is left alone.
  private static let largest = 64 << 20

  /// Bytes that the file may have before it is cut, at least.
  private static let leastRoom = 64 << 10

  private let path: String
  /// Bytes that the file may have before it is cut.
  private var room = HistoryFile.leastRoom
  /// True once entries were added since it was cut.
  private var hasGrown = false

  /// `$CAIRN_HISTORY`, or `history` in `$XDG_STATE_HOME/cairn` or `~/.local/state/cairn`. `nil`
  /// where there is no place for it: the history then lasts as long as the session.
  init?() {
    if let path = Terminal.environment("CAIRN_HISTORY") {
      guard !path.isEmpty else { return nil }
      self.path = path
      return
    }
    guard let folder = StateFolder.path else { return nil }
    path = folder + "/history"
  }

  /// Reads the file into readline's history, and cuts it to its capacity. Where entries cannot be
  /// kept in it, standard error says so.
  func load() {
    using_history()
    stifle_history(Int32(HistoryFile.capacity))
    do throws(FileFailure) {
      try cut()
    } catch {
      tell(error)
    }
    guard let records = try? records() else { return }
    for entry in records.suffix(HistoryFile.capacity) { add_history(entry.text) }
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
    do throws(FileFailure) {
      var size = 0
      try withFile { (file) throws(FileFailure) in
        try append(record, to: file)
        size = Int(lseek(file, 0, SEEK_END))
      }
      hasGrown = true
      if size > room { try cut() }
    } catch {
      tell(error)
    }
  }

  /// The session ends: cuts the file to its capacity.
  func end() {
    guard hasGrown else { return }
    do throws(FileFailure) { try cut() } catch { tell(error) }
  }

  /// True once it was told that entries are not kept.
  private var isTold = false

  private func tell(_ problem: FileFailure) {
    guard !isTold else { return }
    isTold = true
    Output.put(Remarks.historyNotKept(path, problem), to: STDERR_FILENO)
  }

  // MARK: The file

  /// How often a lock is asked for, 10 ms apart, before it is given up.
  private static let patience = 100

  /// Runs a body with the file open for reading and appending, and no other session at it.
  private func withFile(_ body: (Int32) throws(FileFailure) -> Void) throws(FileFailure) {
    for _ in 0..<HistoryFile.patience {
      let file = try Descriptor.open(
        Array(path.utf8CString), O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o600)
      defer { close(file) }
      var (own, named) = (stat(), stat())
      guard fstat(file, &own) == 0 else { throw .system(errno) }
      switch own.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFIFO: throw .pipe
      default: throw .device
      }
      if flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK {
        // Another session may have put a shorter file in its place.
        if stat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev {
          return try body(file)
        }
      } else {
        usleep(10_000)
      }
    }
    throw .busy
  }

  /// Adds a record to the file, or leaves it as it is.
  private func append(_ record: Record, to file: Int32) throws(FileFailure) {
    let end = lseek(file, 0, SEEK_END)
    var last: UInt8 = UInt8(ascii: "\n")
    let isCut = end > 0 && pread(file, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n")
    do throws(FileFailure) {
      try Array(((isCut ? "\n" : "") + record.written).utf8).withUnsafeBufferPointer {
        (bytes) throws(FileFailure) in
        try Descriptor.write(UnsafeRawBufferPointer(bytes), to: file)
      }
      try WholeFile.sync(file)
    } catch {
      ftruncate(file, end)
      throw error
    }
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
  private func records() throws(FileFailure) -> [Record] {
    let bytes = try InputFile.read(path, atMost: HistoryFile.largest, isWrittenAgain: true)
    var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")[...]
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

  /// Takes the oldest entries out of the file where it has more than it may have.
  private func cut() throws(FileFailure) {
    try withFile { (_) throws(FileFailure) in
      let records = try records()
      let kept = records.suffix(HistoryFile.capacity).map(\.written).joined()
      hasGrown = false
      room = max(HistoryFile.leastRoom, 2 * kept.utf8.count)
      guard records.count > HistoryFile.capacity else { return }
      try WholeFile.write(kept, to: path, mode: 0o600)
    }
  }
}
