import Evaluation

/// The texts of a session's commands that succeeded, in order: the latest in memory, and those
/// before them in a file, so that a session of many commands takes no more memory than one of a
/// few.
///
/// The file only grows. Where commands are taken back whose texts are in it, an entry says so: that
/// reads nothing, and cannot fail.
final class CommandTexts {
  /// One thing that happened to the texts.
  private struct Entry {
    /// The command's number.
    let command: Int
    /// `nil` where all commands from that number on were taken back.
    let text: String?

    /// Bytes that it takes in the file.
    var byteCount: Int { 2 * MemoryLayout<Int>.size + (text?.utf8.count ?? 0) }
  }

  /// Bytes of entries that go to the file together.
  private static let usualRoom = 64 << 10

  private let file: SpillFile?
  private var pieces: [SpillFile.Stretch] = []
  private var latest: [Entry] = []
  private var byteCount = 0
  /// Bytes of the latest at which they go to the file: more where it did not take them.
  private var room = CommandTexts.usualRoom

  /// None. Without a file all are kept in memory.
  init(file: SpillFile?) { self.file = file }

  /// Adds the text of a command that succeeded. Throws where the file does not take the latest:
  /// they stay in memory, and it is asked again when there are twice as many.
  func append(_ text: String, command: Int) throws(SpillFile.Problem) {
    add(Entry(command: command, text: text))
    guard let file, byteCount >= room else { return }
    do throws(SpillFile.Problem) {
      pieces.append(try CommandTexts.store(latest, in: file))
    } catch {
      room = 2 * byteCount
      throw error
    }
    latest = []
    byteCount = 0
    room = CommandTexts.usualRoom
  }

  /// Commands from a number on were taken back.
  func takeBack(from command: Int) {
    while let last = latest.last, last.command >= command {
      latest.removeLast()
      byteCount -= last.byteCount
    }
    if latest.isEmpty, !pieces.isEmpty { add(Entry(command: command, text: nil)) }
  }

  /// Forgets all.
  func removeAll() {
    pieces = []
    latest = []
    byteCount = 0
    room = CommandTexts.usualRoom
  }

  /// The texts that count. Throws where the file cannot be read.
  func all() throws(SpillFile.Problem) -> [String] {
    var entries: [Entry] = []
    for piece in pieces {
      for entry in try CommandTexts.entries(of: piece) { CommandTexts.put(entry, behind: &entries) }
    }
    for entry in latest { CommandTexts.put(entry, behind: &entries) }
    return entries.compactMap(\.text)
  }

  private func add(_ entry: Entry) {
    latest.append(entry)
    byteCount += entry.byteCount
  }

  private static func put(_ entry: Entry, behind entries: inout [Entry]) {
    guard entry.text == nil else { return entries.append(entry) }
    while let last = entries.last, last.command >= entry.command { entries.removeLast() }
  }

  // MARK: As the file has them

  /// Of each entry the number, how many bytes its text has, −1 where it has none, and these.
  private static func store(
    _ entries: [Entry], in file: SpillFile
  ) throws(SpillFile.Problem) -> SpillFile.Stretch {
    var bytes: [UInt8] = []
    for entry in entries {
      withUnsafeBytes(of: entry.command) { bytes += $0 }
      withUnsafeBytes(of: entry.text?.utf8.count ?? -1) { bytes += $0 }
      if let text = entry.text { bytes += text.utf8 }
    }
    return try bytes.withUnsafeBufferPointer { (bytes) throws(SpillFile.Problem) in
      try file.store([UnsafeRawBufferPointer(bytes)])
    }
  }

  private static func entries(
    of piece: SpillFile.Stretch
  ) throws(SpillFile.Problem) -> [Entry] {
    var bytes = [UInt8](repeating: 0, count: piece.range.count)
    try bytes.withUnsafeMutableBufferPointer { (bytes) throws(SpillFile.Problem) in
      if let start = bytes.baseAddress { try piece.load(into: start, mayStop: false) }
    }
    return bytes.withUnsafeBytes { bytes in
      var (entries, place) = ([Entry](), 0)
      let word = MemoryLayout<Int>.size
      while place < bytes.count {
        let command = bytes.loadUnaligned(fromByteOffset: place, as: Int.self)
        let count = bytes.loadUnaligned(fromByteOffset: place + word, as: Int.self)
        place += 2 * word
        let text = bytes[place..<place + max(count, 0)]
        entries.append(
          Entry(command: command, text: count < 0 ? nil : String(decoding: text, as: UTF8.self)))
        place += text.count
      }
      return entries
    }
  }
}
