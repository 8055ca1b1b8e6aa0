package import Foundation

/// Files that are there whole or not at all.
package enum WholeFile {
  /// The operating system's number for what went wrong.
  package struct Problem: Error, Hashable {
    package let code: Int32

    /// - Parameter code: The operating system's number (`errno`).
    package init(code: Int32) { self.code = code }
  }

  /// Puts bytes in the place of what a file holds: writes another file beside it, waits until it is
  /// on the disk, and renames it. Where that fails, the file is as it was.
  ///
  /// A symbolic link stays one, and the file behind it is written. A file that was there keeps its
  /// permissions and its owner. Devices and pipes are written as they are.
  ///
  /// - Parameters:
  ///   - mode: Permissions of a file that was not there, less what the process's mask takes.
  ///   - content: Writes the bytes, piece by piece; where it throws, the file is as it was.
  package static func write(
    to path: String, mode: mode_t = 0o666, _ content: (Sink) throws(Problem) -> Void
  ) throws(Problem) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw Problem(code: EISDIR) }
      if let open = standardOutput(thatIs: status) { return try content(Sink(file: open)) }
      if status.st_mode & S_IFMT != S_IFREG || isStream(path) {
        return try writeInto(path, content)
      }
      let target = try target(of: path)
      guard access(target, W_OK) == 0 else { throw Problem(code: errno) }
      try replace(target, like: status, mode: 0o600, content)
    } else {
      guard errno == ENOENT else { throw Problem(code: errno) }
      try replace(try target(of: path), like: nil, mode: mode, content)
    }
  }

  /// A file that is being written.
  package struct Sink {
    fileprivate let file: Int32

    /// Writes all of these bytes behind those before.
    package func put(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
      try check(code(of: bytes))
    }

    /// Writes all of these bytes behind those before.
    package func put(_ bytes: [UInt8]) throws(Problem) {
      try check(bytes.withUnsafeBytes(code))
    }

    /// Gives 0, or the number of what went wrong.
    private func code(of bytes: UnsafeRawBufferPointer) -> Int32 {
      var done = 0
      while done < bytes.count, let start = bytes.baseAddress {
        let count = Foundation.write(file, start + done, bytes.count - done)
        if count > 0 { done += count } else if errno != EINTR { return errno }
      }
      return 0
    }
  }

  /// The same with bytes that are there already.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o666
  ) throws(Problem) {
    try write(to: path, mode: mode) { (file) throws(Problem) in try file.put(bytes) }
  }

  /// The same with a text's bytes.
  package static func write(
    _ text: String, to path: String, mode: mode_t = 0o666
  ) throws(Problem) {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  // MARK: Where

  /// True where a path names what a process has open: `/dev/fd/3`.
  private static func isStream(_ path: String) -> Bool {
    path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/")
  }

  /// Standard output or standard error, where it goes to this plain file: replacing the file would
  /// part it from all else that is written there.
  private static func standardOutput(thatIs file: stat) -> Int32? {
    guard file.st_mode & S_IFMT == S_IFREG else { return nil }
    return [STDOUT_FILENO, STDERR_FILENO].first { descriptor in
      var found = stat()
      return fstat(descriptor, &found) == 0 && found.st_dev == file.st_dev
        && found.st_ino == file.st_ino
    }
  }

  /// Links that a path may lead through, as the operating system has it.
  private static let mostLinks = 40

  /// The file behind symbolic links, be it there or not.
  private static func target(of path: String) throws(Problem) -> String {
    var path = path
    for _ in 0..<mostLinks {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      guard count >= 0 else {
        guard errno == EINVAL || errno == ENOENT else { throw Problem(code: errno) }
        return path
      }
      let link = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = link.hasPrefix("/") ? link : folder(of: path) + link
    }
    throw Problem(code: ELOOP)
  }

  /// The part of a path before its last name: ends with a slash, or is empty.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  // MARK: Writing

  /// Writes into what is open elsewhere, or is no file.
  private static func writeInto(
    _ path: String, _ content: (Sink) throws(Problem) -> Void
  ) throws(Problem) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw Problem(code: errno) }
    var failure = withoutPipeSignal { run(content, on: file) }
    if close(file) != 0, failure == 0 { failure = errno }
    try check(failure)
  }

  /// Writes a file's content. Gives 0, or the number of what went wrong.
  private static func run(_ content: (Sink) throws(Problem) -> Void, on file: Int32) -> Int32 {
    do {
      try content(Sink(file: file))
      return 0
    } catch {
      return error.code
    }
  }

  private static func check(_ failure: Int32) throws(Problem) {
    if failure != 0 { throw Problem(code: failure) }
  }

  /// Runs a body in which a pipe without a reader is an error, and does not end the program.
  private static func withoutPipeSignal(_ body: () -> Int32) -> Int32 {
    var (pipe, before) = (sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let failure = body()
    if failure == EPIPE {
      var now = timespec(tv_sec: 0, tv_nsec: 0)
      sigtimedwait(&pipe, nil, &now)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return failure
  }

  /// - Parameter old: The file that was there, whose owner and permissions the new one gets.
  private static func replace(
    _ target: String, like old: stat?, mode: mode_t, _ content: (Sink) throws(Problem) -> Void
  ) throws(Problem) {
    guard !target.isEmpty else { throw Problem(code: ENOENT) }
    guard !target.hasSuffix("/") else { throw Problem(code: EISDIR) }
    let (file, beside) = try makeFile(in: folder(of: target), mode)
    var failure = run(content, on: file)
    if let old, failure == 0 {
      // Who may not give files away keeps the new one.
      if fchown(file, old.st_uid, old.st_gid) != 0 { _ = fchown(file, uid_t.max, old.st_gid) }
      if fchmod(file, old.st_mode & 0o7777) != 0 { failure = errno }
    }
    // Some file systems have nothing to wait for.
    if failure == 0, fsync(file) != 0, errno != EINVAL { failure = errno }
    if close(file) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(beside, target) != 0 { failure = errno }
    if failure != 0 { unlink(beside) }
    try check(failure)
  }

  /// A new file in a folder, with a name that nothing there has.
  private static func makeFile(
    in folder: String, _ mode: mode_t
  ) throws(Problem) -> (descriptor: Int32, path: String) {
    while true {
      let path = "\(folder).cairn-\(UInt32.random(in: 0...UInt32.max)).part"
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if file >= 0 { return (file, path) }
      guard errno == EEXIST || errno == EINTR else { throw Problem(code: errno) }
    }
  }
}
