import Glibc

/// Other bytes for a file that must stay the same one to the system: it has several names, an owner
/// that a new file cannot be given, or something is mounted on it.
///
/// What it holds is copied into a file beside it first, and put back where the write fails. The
/// copy is left behind where the process is ended in between; the next write then says so.
enum FileCopy {
  /// `.NAME.cairn-before`
  private static func path(for target: FilePath) -> FilePath {
    target.beside(PartFile.stem(target) + Array("before".utf8))
  }

  /// Throws where there is a copy: a write was cut short, or is going on.
  static func checkNone(of target: FilePath) throws(FileFailure) {
    let path = path(for: target)
    let copy: Int32
    do {
      copy = try Descriptor.open(path.cString, O_RDWR | O_NONBLOCK)
    } catch {
      switch error {
      case .system(ENOENT): return
      case .system(EACCES): throw .leftover(copy: path.text)
      default: throw error
      }
    }
    defer { close(copy) }
    guard flock(copy, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { throw .busy }
    throw .leftover(copy: path.text)
  }

  /// Gives the file all bytes of `source`.
  ///
  /// All memory is asked for before the file is changed: what is refused ends the program.
  static func overwrite(_ target: FilePath, with source: Int32) throws(FileFailure) {
    let room = try Room(byteCount: 1 << 20)
    defer { withExtendedLifetime(room) {} }
    let file = try Descriptor.open(target.cString, O_RDWR | O_NONBLOCK)
    defer { close(file) }
    let name = path(for: target).text
    let passing = PassingFile(path(for: target).cString)
    let copy: Int32
    do {
      copy = try Descriptor.open(passing.path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    } catch {
      throw error == .system(EEXIST) ? .busy : error
    }
    passing.come()
    defer { close(copy) }
    // Locked as long as this goes on: a copy that is not was left behind.
    _ = flock(copy, LOCK_EX | LOCK_NB)
    do throws(FileFailure) {
      try pour(file, into: copy, through: room)
      try WholeFile.syncFolder(of: target)
    } catch {
      unlink(passing.path)
      throw error
    }
    // From here on the copy may be all that holds what there was.
    passing.leave()
    do throws(FileFailure) {
      try pour(source, into: file, through: room)
    } catch {
      guard case .system(let code) = error else { throw error }
      do throws(FileFailure) { try pour(copy, into: file, through: room) } catch {
        throw .halfWritten(code, copy: name)
      }
      unlink(passing.path)
      throw error
    }
    unlink(passing.path)
  }

  /// Makes `target` hold what `source` holds, and waits until that is on the disk.
  private static func pour(
    _ source: Int32, into target: Int32, through room: Room
  ) throws(FileFailure) {
    guard lseek(source, 0, SEEK_SET) == 0, lseek(target, 0, SEEK_SET) == 0 else {
      throw .system(errno)
    }
    let buffer = room.bytes
    var total = 0
    while true {
      let count = try Descriptor.read(source, into: buffer)
      if count == 0 { break }
      try Descriptor.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: target)
      total += count
    }
    guard ftruncate(target, off_t(total)) == 0 else { throw .system(errno) }
    try WholeFile.sync(target)
  }
}
