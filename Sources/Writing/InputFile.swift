package import Glibc

/// Files that are read whole, once: regular files and pipes, up to a number of bytes.
package enum InputFile {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - limit: Most bytes; a file that has more is refused before it is read, a pipe as soon as
  ///     it gives more.
  ///   - isWrittenAgain: True where the file is to be written afterwards: a pipe is then refused.
  ///   - isStopped: Asked while a pipe has nothing to give.
  package static func read(
    _ path: String, atMost limit: Int, isWrittenAgain: Bool = false,
    isStopped: () -> Bool = { false }
  ) throws(FileFailure) -> [UInt8] {
    let (file, status) = try open(path)
    defer { close(file) }
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    if isPipe, isWrittenAgain { throw .pipe }
    if !isPipe, status.st_size > limit { throw .tooLarge(limit: limit) }
    return try bytes(of: file, atMost: limit, isStopped)
  }

  /// Opens a regular file or a pipe for reading, and gives what the system says of it; who opens it
  /// closes it. A pipe that nobody writes to is not waited for: `Descriptor.wait` does.
  package static func open(
    _ path: String
  ) throws(FileFailure) -> (descriptor: Int32, status: stat) {
    guard !path.utf8.contains(0) else { throw .nulInName }
    // Asked before it is opened: opening some devices does something.
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(errno) }
    try check(status)
    let file = try Descriptor.open(Array(path.utf8CString), O_RDONLY | O_NONBLOCK)
    do throws(FileFailure) {
      guard fstat(file, &status) == 0 else { throw .system(errno) }
      try check(status)
    } catch {
      close(file)
      throw error
    }
    return (file, status)
  }

  /// The bytes of standard input, from where it stands to its end.
  ///
  /// - Parameter limit: Most bytes.
  package static func readStandardInput(
    atMost limit: Int, isStopped: () -> Bool = { false }
  ) throws(FileFailure) -> [UInt8] {
    try bytes(of: STDIN_FILENO, atMost: limit, isStopped)
  }

  private static func check(_ status: stat) throws(FileFailure) {
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFIFO: break
    case S_IFDIR: throw .directory
    case S_IFSOCK: throw .socket
    default: throw .device
    }
  }

  private static func bytes(
    of descriptor: Int32, atMost limit: Int, _ isStopped: () -> Bool
  ) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    let room = try Room(byteCount: 1 << 16)
    defer { withExtendedLifetime(room) {} }
    while true {
      // Where nobody has opened a pipe for writing yet, a reader would think it at its end.
      try Descriptor.wait(descriptor, Int16(POLLIN), isStopped)
      let count: Int
      do {
        count = try Descriptor.read(descriptor, into: room.bytes, isStopped: isStopped)
      } catch {
        throw error == .system(EISDIR) ? .directory : error
      }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge(limit: limit) }
      bytes.append(contentsOf: room.bytes[..<count])
    }
  }
}
