import CFiles
import Foundation
import Writing

/// A temporary file that no directory lists, for bytes that leave memory and may come back: it is
/// gone when the process ends, however it ends, and only its owner can read it.
///
/// It is made when the first bytes are stored.
package final class SpillFile {
  /// Why bytes could not be stored or read back.
  package enum Problem: Error, Hashable {
    /// A call of the system failed with this number, or no folder took the file.
    case system(errorNumber: Int32)
    /// More bytes than the file may hold.
    case full(limit: Int)
    /// It was asked to stop.
    case stopped

    /// What is wrong with the file, of the system's faults in the system's words.
    package var reason: String {
      switch self {
      case .full(let limit): "it holds at most \(ByteFormat.text(limit))"
      case .stopped: "it was asked to stop while its copies were moved"
      case .system(let number): String(cString: strerror(number))
      }
    }
  }

  /// Bytes in the file. Their room is free again when the last reference goes.
  package final class Stretch {
    /// Where the bytes lie in the file.
    package let range: Range<Int>
    private let file: SpillFile
    /// What it is a part of, and whose room it takes; `nil` where it has room of its own.
    private let whole: Stretch?

    fileprivate init(_ range: Range<Int>, in file: SpillFile, of whole: Stretch? = nil) {
      self.range = range
      self.file = file
      self.whole = whole
    }

    deinit { if whole == nil { file.giveBack(range) } }

    /// So many of its bytes, from one on.
    func part(from start: Int, _ count: Int) -> Stretch {
      let first = range.lowerBound + start
      return Stretch(first..<first + count, in: file, of: whole ?? self)
    }

    /// Copies its bytes to memory that has room for them. What `mayStop` hears a request to stop.
    package func load(into pointer: UnsafeMutableRawPointer, mayStop: Bool) throws(Problem) {
      try SpillFile.whole(range.count, isStopped: mayStop ? file.isStopped : nil) { done, most in
        pread(file.descriptor, pointer + done, most, off_t(range.lowerBound + done))
      }
    }

    /// Reads the bytes once, piece by piece, and keeps none: where this succeeds, so does `load`
    /// that may not stop.
    func check() throws(Problem) {
      guard let room = try? Room(byteCount: 1 << 16), let piece = room.bytes.baseAddress else {
        throw .system(errorNumber: ENOMEM)
      }
      defer { withExtendedLifetime(room) {} }
      var done = 0
      while done < range.count {
        let wanted = min(room.bytes.count, range.count - done)
        let offset = off_t(range.lowerBound + done)
        try SpillFile.whole(wanted, isStopped: file.isStopped) { start, most in
          pread(file.descriptor, piece + start, most, offset + off_t(start))
        }
        done += wanted
      }
    }
  }

  /// Most bytes that it holds.
  let limit: Int
  /// Bytes that it holds now.
  private(set) var byteCount = 0
  private let folders: [String]
  private var descriptor: Int32 = -1
  private var end = 0
  /// Room before `end` that nothing uses, in order, no two stretches touching.
  private var gaps: [Range<Int>] = []

  private let isStopped: () -> Bool

  /// A file of at most `limit` bytes in the first of the folders that takes it.
  ///
  /// - Parameter isStopped: Asked between pieces of what is copied, by whatever thread copies.
  package init(
    limit: Int, folders: [String], isStopped: @escaping () -> Bool = { false }
  ) {
    self.limit = limit
    self.folders = folders
    self.isStopped = isStopped
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The user's cache folder, then the folder for temporary files.
  static var usualFolders: [String] {
    let environment = ProcessInfo.processInfo.environment
    var folders: [String] = []
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      folders.append(cache)
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      folders.append(home + "/.cache")
    }
    return folders + [FileManager.default.temporaryDirectory.path]
  }

  /// Copies bytes to the file.
  func store(_ pointer: UnsafeRawPointer, _ count: Int) throws(Problem) -> Stretch {
    try store([UnsafeRawBufferPointer(start: pointer, count: count)])
  }

  /// Copies pieces of memory to the file, one behind the other, many with one call of the system,
  /// which then takes its memory in large blocks. Where it throws, none is stored.
  package func store(_ pieces: [UnsafeRawBufferPointer]) throws(Problem) -> Stretch {
    let stretch = try room(for: pieces)
    try copy(pieces, to: stretch.range.lowerBound)
    return stretch
  }

  /// The same by another thread, while this one goes on: the pieces stay as they are until the copy
  /// is waited for.
  func begin(_ pieces: [UnsafeRawBufferPointer]) throws(Problem) -> Copying {
    Copying(pieces, to: try room(for: pieces), in: self)
  }

  /// Room for all of the pieces, to which nothing is written yet.
  private func room(for pieces: [UnsafeRawBufferPointer]) throws(Problem) -> Stretch {
    let count = pieces.reduce(0) { $0 + $1.count }
    guard byteCount + count <= limit else { throw .full(limit: limit) }
    if descriptor < 0 { descriptor = try SpillFile.unlisted(in: folders) }
    let known = end
    let start = take(count).lowerBound
    // Room that is there before it is written to is written many times as fast; a file system that
    // cannot make it does without.
    if end > known { _ = fallocate(descriptor, 0, off_t(known), off_t(end - known)) }
    return Stretch(start..<start + count, in: self)
  }

  /// Copies pieces to room that is theirs, from this byte of the file on.
  func copy(_ pieces: [UnsafeRawBufferPointer], to start: Int) throws(Problem) {
    let count = pieces.reduce(0) { $0 + $1.count }
    var (next, first) = (0, start)
    try SpillFile.whole(count, isStopped: isStopped) { done, most in
      while first + pieces[next].count <= start + done {
        first += pieces[next].count
        next += 1
      }
      return write(pieces[next...], from: first, start + done, most)
    }
  }

  /// Most pieces of one call: what the system takes.
  private static let mostPieces = 1024

  /// Writes at most so many bytes of pieces whose place in the file begins at `first`, from `place`
  /// on. Gives how many it wrote, or −1.
  private func write(
    _ pieces: ArraySlice<UnsafeRawBufferPointer>, from first: Int, _ place: Int, _ most: Int
  ) -> Int {
    var (list, skipped, room) = ([iovec](), place - first, most)
    for piece in pieces.prefix(SpillFile.mostPieces) where room > 0 {
      guard let base = piece.baseAddress else { continue }
      let count = min(piece.count - skipped, room)
      list.append(
        iovec(iov_base: UnsafeMutableRawPointer(mutating: base + skipped), iov_len: count))
      (skipped, room) = (0, room - count)
    }
    return pwritev(descriptor, list, Int32(list.count), off_t(place))
  }

  private static func unlisted(in folders: [String]) throws(Problem) -> Int32 {
    var code = ENOENT
    for folder in folders {
      var path = Array("\(folder)/cairn-spill-XXXXXX".utf8CString)
      let descriptor = mkstemp(&path)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
        return descriptor
      }
      code = errno
    }
    throw .system(errorNumber: code)
  }

  // MARK: Room

  private func take(_ count: Int) -> Range<Int> {
    byteCount += count
    if count > 0, let place = gaps.firstIndex(where: { $0.count >= count }) {
      let gap = gaps[place]
      let range = gap.lowerBound..<gap.lowerBound + count
      if gap.count == count {
        gaps.remove(at: place)
      } else {
        gaps[place] = range.upperBound..<gap.upperBound
      }
      return range
    }
    end += count
    return end - count..<end
  }

  private func giveBack(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    byteCount -= range.count
    var range = range
    var place = gaps.firstIndex { $0.lowerBound > range.lowerBound } ?? gaps.count
    if place < gaps.count, gaps[place].lowerBound == range.upperBound {
      range = range.lowerBound..<gaps.remove(at: place).upperBound
    }
    if place > 0, gaps[place - 1].upperBound == range.lowerBound {
      place -= 1
      range = gaps.remove(at: place).lowerBound..<range.upperBound
    }
    if range.upperBound == end {
      end = range.lowerBound
      ftruncate(descriptor, off_t(end))
    } else {
      gaps.insert(range, at: place)
    }
  }

  /// Bytes that are copied between two questions whether to stop.
  private static let mouthful = 1 << 20

  /// Repeats a call that may move fewer bytes than asked for, until all are moved: behind the first
  /// so many, at most so many.
  private static func whole(
    _ count: Int, isStopped: (() -> Bool)?, _ move: (_ done: Int, _ most: Int) -> Int
  ) throws(Problem) {
    var done = 0
    while done < count {
      if done > 0, isStopped?() == true { throw .stopped }
      let moved = move(done, min(count - done, mouthful))
      if moved > 0 {
        done += moved
      } else if moved == 0 {
        throw .system(errorNumber: EIO)
      } else if errno != EINTR {
        throw .system(errorNumber: errno)
      }
    }
  }
}
