import CFiles
import Glibc

/// Files that are there whole or not at all: the one way in which files are written.
///
/// What is written stands in a file beside the target until it is on the disk, and then takes its
/// place: where that fails, the target is as it was. A symbolic link stays one, and the file behind
/// it is written. A file that was there keeps its permissions, its owner and its other names. A
/// file that no user may write is refused. Devices and pipes are written as they are.
package enum WholeFile {
  /// True where this process writes no files, since another one that does the same does: set once,
  /// before anything runs.
  nonisolated(unsafe) package static var isMute = false
  /// Run when a file is written, or would have been: set once, before anything runs.
  nonisolated(unsafe) package static var didWrite: () -> Void = {}

  /// What takes the bytes of a file that is being written.
  package struct Sink {
    fileprivate let descriptor: Int32
    fileprivate let isStopped: () -> Bool

    /// Adds bytes to what was put before.
    package func put(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
      try Descriptor.write(bytes, to: descriptor, isStopped: isStopped)
    }

    /// Adds bytes to what was put before.
    package func put(_ bytes: [UInt8]) throws(FileFailure) {
      try WholeFile.with(bytes) { (bytes) throws(FileFailure) in try put(bytes) }
    }
  }

  /// Writes a file piece by piece.
  ///
  /// - Parameters:
  ///   - mode: Permissions of a file that was not there, less what the process's mask takes.
  ///   - expected: What the file held when it was read. Where it holds something else by now, it
  ///     is left as it is. `nil` where what it holds does not matter.
  ///   - isStopped: Asked while a pipe takes nothing.
  ///   - fill: Puts the bytes. Where it throws, nothing is written.
  package static func write(
    to path: String, mode: UInt32 = 0o666, replacing expected: [UInt8]? = nil,
    isStopped: @escaping () -> Bool = { false }, _ fill: (Sink) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    defer { didWrite() }
    if isMute { return }
    let path = try FilePath(path)
    var status = stat()
    let isThere = stat(path.cString, &status) == 0
    guard isThere || errno == ENOENT else { throw .system(errno) }
    guard isThere else {
      guard expected == nil else { throw .changed }
      return try replace(try path.behindLinks(), old: nil, mode, expected, isStopped, fill)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .directory }
    if let open = openDescriptor(path, status) {
      guard expected == nil else { throw .isOutput }
      return try withoutPipeSignal { () throws(FileFailure) in
        try fill(Sink(descriptor: open, isStopped: isStopped))
      }
    }
    if status.st_mode & S_IFMT != S_IFREG || path.folder.starts(with: "/proc/".utf8) {
      return try writeInto(path, status, isStopped, fill)
    }
    guard status.st_mode & 0o222 != 0 else { throw .readOnly }
    let target = try path.behindLinks()
    try checkRight(to: target)
    try replace(target, old: status, mode, expected, isStopped, fill)
  }

  /// Writes a file that holds the bytes.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o666, replacing expected: [UInt8]? = nil,
    isStopped: @escaping () -> Bool = { false }
  ) throws(FileFailure) {
    try write(to: path, mode: mode, replacing: expected, isStopped: isStopped) {
      (sink) throws(FileFailure) in try sink.put(bytes)
    }
  }

  /// Writes a file that holds the text's bytes.
  package static func write(
    _ text: String, to path: String, mode: UInt32 = 0o666, replacing expected: [UInt8]? = nil,
    isStopped: @escaping () -> Bool = { false }
  ) throws(FileFailure) {
    try write(
      Array(text.utf8), to: path, mode: mode, replacing: expected, isStopped: isStopped)
  }

  /// Waits until what was written is on the disk; some file systems have nothing to wait for.
  package static func sync(_ descriptor: Int32) throws(FileFailure) {
    while fsync(descriptor) != 0 {
      switch errno {
      case EINTR: continue
      case EINVAL, ENOTSUP: return
      default: throw .system(errno)
      }
    }
  }

  // MARK: What is open

  /// What the process has open and the path names: `/dev/fd/3`, `/dev/stdout`, or the plain file
  /// that standard output or standard error goes to. Replacing that file would part it from all
  /// else that is written there.
  private static func openDescriptor(_ path: FilePath, _ file: stat) -> Int32? {
    if let known = ["/dev/stdout": STDOUT_FILENO, "/dev/stderr": STDERR_FILENO][path.text] {
      return known
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.folder.elementsEqual(folder.utf8) {
      return Int32(String(decoding: path.name, as: UTF8.self))
    }
    guard file.st_mode & S_IFMT == S_IFREG else { return nil }
    return [STDOUT_FILENO, STDERR_FILENO].first { descriptor in
      var found = stat()
      return fstat(descriptor, &found) == 0 && found.st_dev == file.st_dev
        && found.st_ino == file.st_ino
    }
  }

  /// Writes into a device or a pipe.
  private static func writeInto(
    _ path: FilePath, _ status: stat, _ isStopped: @escaping () -> Bool,
    _ fill: (Sink) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    let file =
      isPipe
      ? try openPipe(path, isStopped) : try Descriptor.open(path.cString, O_WRONLY)
    do {
      try withoutPipeSignal { () throws(FileFailure) in
        try fill(Sink(descriptor: file, isStopped: isStopped))
      }
    } catch {
      close(file)
      throw error
    }
    guard close(file) == 0 else { throw .system(errno) }
  }

  /// A pipe, as soon as somebody reads it.
  private static func openPipe(
    _ path: FilePath, _ isStopped: () -> Bool
  ) throws(FileFailure) -> Int32 {
    while true {
      do {
        return try Descriptor.open(path.cString, O_WRONLY | O_NONBLOCK)
      } catch {
        guard error == .system(ENXIO) else { throw error }
        guard !isStopped() else { throw .stopped }
        usleep(20_000)
      }
    }
  }

  /// Runs a body in which a pipe without a reader is an error, and does not end the program.
  private static func withoutPipeSignal(
    _ body: () throws(FileFailure) -> Void
  ) throws(FileFailure) {
    var (pipe, before) = (sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    do throws(FileFailure) { try body() } catch {
      if error == .system(EPIPE) {
        var now = timespec(tv_sec: 0, tv_nsec: 0)
        sigtimedwait(&pipe, nil, &now)
      }
      throw error
    }
  }

  // MARK: Plain files

  private static func checkRight(to target: FilePath) throws(FileFailure) {
    close(try Descriptor.open(target.cString, O_WRONLY | O_NONBLOCK))
  }

  /// - Parameter old: The file that was there.
  private static func replace(
    _ target: FilePath, old: stat?, _ mode: UInt32, _ expected: [UInt8]?,
    _ isStopped: @escaping () -> Bool, _ fill: (Sink) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    guard !(target.folder.isEmpty && target.name.isEmpty) else { throw .system(ENOENT) }
    guard !target.name.isEmpty else { throw .directory }
    let part = try PartFile(beside: target, mode: old == nil ? mode : 0o600)
    try fill(Sink(descriptor: part.descriptor, isStopped: isStopped))
    try FileCopy.checkNone(of: target)
    var mayBeReplaced = old == nil
    if let old, old.st_nlink == 1, !(try hasAttributes(target)) {
      mayBeReplaced = part.resembles(old)
    }
    try part.sync()
    if let expected { try check(target, holds: expected) }
    let isDone = mayBeReplaced ? try part.takePlace(of: target) : false
    if !isDone {
      try FileCopy.overwrite(target, with: part.descriptor)
    }
    try syncFolder(of: target)
    PartFile.removeLeftovers(of: target)
  }

  /// Throws where a file is not there any more, or holds other bytes.
  private static func check(
    _ target: FilePath, holds expected: [UInt8]
  ) throws(FileFailure) {
    let file: Int32
    do {
      file = try Descriptor.open(target.cString, O_RDONLY | O_NONBLOCK)
    } catch {
      throw error == .system(ENOENT) ? .changed : error
    }
    defer { close(file) }
    let room = try Room(byteCount: 1 << 16)
    defer { withExtendedLifetime(room) {} }
    var rest = expected[...]
    while true {
      let count = try Descriptor.read(file, into: room.bytes)
      if count == 0 { break }
      guard rest.starts(with: room.bytes[..<count]) else { throw .changed }
      rest = rest.dropFirst(count)
    }
    guard rest.isEmpty else { throw .changed }
  }

  /// True where more belongs to a file than a new one could be given: lists of rights, for one.
  private static func hasAttributes(_ target: FilePath) throws(FileFailure) -> Bool {
    let room = try Room(byteCount: 1 << 16)
    defer { withExtendedLifetime(room) {} }
    let count = listxattr(
      target.cString, room.bytes.assumingMemoryBound(to: CChar.self).baseAddress, room.bytes.count)
    guard count > 0 else { return false }
    // Those that the system gives each file by itself do not count.
    return room.bytes[..<count].split(separator: 0)
      .contains { !$0.starts(with: "security.".utf8) }
  }

  /// Waits until a folder's names are on the disk, where the folder may be read.
  static func syncFolder(of target: FilePath) throws(FileFailure) {
    let folder: Int32
    do {
      folder = try Descriptor.open(target.folderCString, O_RDONLY | O_DIRECTORY)
    } catch {
      if error == .system(EACCES) { return }
      throw error
    }
    defer { close(folder) }
    try sync(folder)
  }

  /// `withUnsafeBytes` that keeps the type of what is thrown.
  static func with(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileFailure) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
