import Foundation

/// The bytes of a file or a pipe, as the system gives them: nothing is read ahead.
package final class FileStream: RereadableStream {
  private let descriptor: Int32
  private let isStopped: () -> Bool
  /// The file as it was when it was opened; `nil` for a pipe.
  private let opened: stat?
  private var place = 0

  /// Opens a file for reading.
  ///
  /// Throws `.missing` and `.directory`, `.device` for what is neither a file nor a pipe, and
  /// `.system` for all else that is in the way.
  /// - Parameter isStopped: Asked before each piece, and while a pipe has nothing; where it is true,
  ///   reading throws `.interrupted`.
  package convenience init(
    path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(DataFileFault) {
    guard !path.utf8.contains(0) else { throw .missing }
    // Without waiting: a pipe that nobody writes to is waited for where that can be stopped.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw .missing
      case ENXIO, ENODEV: throw .device
      default: throw .system(errno)
      }
    }
    var status = stat()
    let failure = fstat(descriptor, &status) == 0 ? 0 : errno
    let fault: DataFileFault?
    switch status.st_mode & S_IFMT {
    case _ where failure != 0: fault = .system(failure)
    case S_IFREG, S_IFIFO: fault = nil
    case S_IFDIR: fault = .directory
    default: fault = .device
    }
    if let fault {
      close(descriptor)
      throw fault
    }
    self.init(
      descriptor, status.st_mode & S_IFMT == S_IFREG ? status : nil, isStopped: isStopped)
  }

  private init(_ descriptor: Int32, _ opened: stat?, isStopped: @escaping () -> Bool) {
    self.descriptor = descriptor
    self.opened = opened
    self.isStopped = isStopped
  }

  deinit { close(descriptor) }

  /// Files that the system makes up as they are read have no size.
  package var remaining: Int? {
    guard let size = opened?.st_size, size > 0 else { return nil }
    return max(Int(size) - place, 0)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataFileFault) -> Int {
    var done = 0
    while done < buffer.count, let start = buffer.baseAddress {
      if isStopped() { throw .interrupted }
      let wanted = min(buffer.count - done, Piece.byteCount)
      let count = Foundation.read(descriptor, start + done, wanted)
      if count > 0 {
        done += count
      } else if count == 0 {
        if opened != nil || isAtItsEnd() { break }
      } else if errno == EAGAIN {
        waitForMore()
      } else if errno != EINTR {
        throw .system(errno)
      }
    }
    place += done
    return done
  }

  /// Waits until a pipe has something, or a moment.
  private func waitForMore() {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&event, 1, 50)
  }

  /// Whether a pipe that has nothing will never have: somebody wrote to it, and nobody does now.
  private func isAtItsEnd() -> Bool {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&event, 1, 50)
    return event.revents & Int16(POLLHUP) != 0 && event.revents & Int16(POLLIN) == 0
  }

  package func rewind() throws(DataFileFault) {
    var now = stat()
    guard let opened, fstat(descriptor, &now) == 0 else { throw .system(ESPIPE) }
    guard now.st_size == opened.st_size, now.st_mtim.tv_sec == opened.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == opened.st_mtim.tv_nsec
    else { throw .changed }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .system(errno) }
    place = 0
  }

  /// This file, where it can be read again; what a pipe gives is copied, piece by piece, to a
  /// temporary file that no folder lists. Throws `.spool` where that finds no room.
  package func rereadable() throws(DataFileFault) -> FileStream {
    guard opened == nil else { return self }
    var path = Array((FileManager.default.temporaryDirectory.path + "/cairn-XXXXXX").utf8CString)
    let copy = mkstemp(&path)
    guard copy >= 0 else { throw .spool(errno) }
    _ = fcntl(copy, F_SETFD, FD_CLOEXEC)
    unlink(path)
    var isKept = false
    defer { if !isKept { close(copy) } }
    try Piece.with { (room) throws(DataFileFault) in
      while true {
        let count = try read(into: room)
        if count == 0 { return }
        var done = 0
        while done < count, let start = room.baseAddress {
          let written = write(copy, start + done, count - done)
          if written > 0 { done += written } else if errno != EINTR { throw .spool(errno) }
        }
      }
    }
    var status = stat()
    guard fstat(copy, &status) == 0, lseek(copy, 0, SEEK_SET) == 0 else { throw .spool(errno) }
    isKept = true
    return FileStream(copy, status, isStopped: isStopped)
  }
}
