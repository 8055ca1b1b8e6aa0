import Foundation
import Writing

/// The bytes of a file or a pipe, as the system gives them: nothing is read ahead.
package final class FileStream: AddressedStream {
  private let descriptor: Int32
  private let isStopped: () -> Bool
  /// The file as it was when it was opened; `nil` for a pipe.
  private let opened: stat?
  private var place = 0

  /// Opens a regular file or a pipe for reading; throws `.file` for what is neither, and for what
  /// is not there or may not be read.
  ///
  /// - Parameter isStopped: Asked before each piece, and while a pipe has nothing; where it is
  ///   true, reading throws `.file(.stopped)`.
  package convenience init(
    path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(DataFileFault) {
    let (descriptor, status) = try reading { () throws(FileFailure) in try InputFile.open(path) }
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
    let done = try reading { () throws(FileFailure) in
      var done = 0
      while done < buffer.count {
        if isStopped() { throw .stopped }
        // Where nobody has opened a pipe for writing yet, a reader would think it at its end.
        if opened == nil { try Descriptor.wait(descriptor, Int16(POLLIN), isStopped) }
        let end = min(done + Piece.byteCount, buffer.count)
        let count = try Descriptor.read(
          descriptor, into: UnsafeMutableRawBufferPointer(rebasing: buffer[done..<end]),
          isStopped: isStopped)
        if count == 0 { break }
        done += count
      }
      return done
    }
    place += done
    return done
  }

  package func rewind() throws(DataFileFault) {
    var now = stat()
    guard let opened, fstat(descriptor, &now) == 0 else { throw .file(.system(ESPIPE)) }
    guard now.st_size == opened.st_size, now.st_mtim.tv_sec == opened.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == opened.st_mtim.tv_nsec
    else { throw .file(.changed) }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .file(.system(errno)) }
    place = 0
  }

  package var byteCount: Int? { opened.map { Int($0.st_size) } }

  /// Throws `.file` for a pipe.
  package func read(
    at place: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(DataFileFault) -> Int {
    try reading { () throws(FileFailure) in
      var done = 0
      while done < buffer.count {
        if isStopped() { throw .stopped }
        let count = pread(
          descriptor, buffer.baseAddress?.advanced(by: done),
          min(buffer.count - done, Piece.byteCount), place + done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw .system(errno) }
        if count == 0 { break }
        done += count
      }
      return done
    }
  }

  /// This file, where it can be read again; what a pipe gives is copied, piece by piece, to a
  /// temporary file that no folder lists. Throws `.spool` where that finds no room.
  package func rereadable() throws(DataFileFault) -> FileStream {
    guard opened == nil else { return self }
    let copy = try FileStream.unlisted()
    var isKept = false
    defer { if !isKept { close(copy) } }
    try Piece.with { (room) throws(DataFileFault) in
      while true {
        let count = try read(into: room)
        if count == 0 { return }
        do throws(FileFailure) {
          try Descriptor.write(UnsafeRawBufferPointer(rebasing: room[..<count]), to: copy)
        } catch { throw .spool(error) }
      }
    }
    var status = stat()
    guard fstat(copy, &status) == 0, lseek(copy, 0, SEEK_SET) == 0 else {
      throw .spool(.system(errno))
    }
    isKept = true
    return FileStream(copy, status, isStopped: isStopped)
  }

  private static func unlisted() throws(DataFileFault) -> Int32 {
    var path = Array((FileManager.default.temporaryDirectory.path + "/cairn-XXXXXX").utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { throw .spool(.system(errno)) }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(path)
    return file
  }
}
