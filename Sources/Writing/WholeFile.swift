import Foundation

/// The one writer of files: plain files are there whole or not at all, and devices and pipes are
/// written as they are.
package enum WholeFile {
  /// The operating system's number for what went wrong.
  package struct Problem: Error, Hashable { package let code: Int32 }

  /// Writes a file.
  ///
  /// A plain file is written beside the one wanted, flushed, and renamed over it: it keeps its
  /// mode, and links to it stay links. A file that may not be written, or cannot be written in
  /// full, stays as it was. A pipe whose reader is gone is an error like any other.
  package static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    let before = status(path)
    if let before, before.st_mode & S_IFMT != S_IFREG { return try pour(bytes, into: path) }
    if let before, let open = standardOutput(thatIs: before) {
      return try check(write(bytes, to: open))
    }
    let target = try followed(path)
    guard before == nil || access(target, W_OK) == 0 else { throw Problem(code: errno) }
    let (beside, file) = try makeFile(beside: target)
    var failure = write(bytes, to: file)
    if failure == 0, let before {
      // Who owns it may be nobody's to say; that it can be read as before is.
      _ = fchown(file, before.st_uid, before.st_gid)
      if fchmod(file, before.st_mode & 0o7777) != 0 { failure = errno }
    }
    if failure == 0, fsync(file) != 0 { failure = errno }
    if close(file) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(beside, target) != 0 { failure = errno }
    if failure != 0 { unlink(beside) }
    try check(failure)
  }

  private static func check(_ failure: Int32) throws(Problem) {
    if failure != 0 { throw Problem(code: failure) }
  }

  /// What there is at a path, behind links; `nil` for nothing.
  private static func status(_ path: String) -> stat? {
    var found = stat()
    return stat(path, &found) == 0 ? found : nil
  }

  /// Writes to a device or a pipe that is there.
  private static func pour(_ bytes: [UInt8], into path: String) throws(Problem) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw Problem(code: errno) }
    var failure = withoutPipeSignal { write(bytes, to: file) }
    if close(file) != 0, failure == 0 { failure = errno }
    try check(failure)
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

  /// Standard output or standard error, where it goes to this file: replacing it would part it from
  /// what is written there otherwise.
  private static func standardOutput(thatIs file: stat) -> Int32? {
    [STDOUT_FILENO, STDERR_FILENO].first { descriptor in
      var found = stat()
      return fstat(descriptor, &found) == 0 && found.st_dev == file.st_dev
        && found.st_ino == file.st_ino
    }
  }

  /// The path behind symbolic links, whether or not there is anything at it.
  private static func followed(_ path: String) throws(Problem) -> String {
    var path = path
    var room = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    // As many links as Linux follows.
    for _ in 0...40 {
      let count = readlink(path, &room, room.count - 1)
      guard count >= 0 else { return path }
      let link = String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      path = link.hasPrefix("/") ? link : folder(of: path) + link
    }
    throw Problem(code: ELOOP)
  }

  /// The part of a path up to its last slash; empty where it has none.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// A new file in the same folder, open for writing.
  private static func makeFile(beside path: String) throws(Problem) -> (String, Int32) {
    for attempt in 0..<100 {
      let name = folder(of: path) + ".cairn-\(getpid())-\(attempt).part"
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (name, file) }
      if errno != EEXIST { throw Problem(code: errno) }
    }
    throw Problem(code: EEXIST)
  }

  /// Writes all bytes. Gives 0, or the number of what went wrong.
  private static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let start = buffer.baseAddress {
        let count = Foundation.write(file, start + done, buffer.count - done)
        if count > 0 { done += count } else if errno != EINTR { return errno }
      }
      return 0
    }
  }
}
