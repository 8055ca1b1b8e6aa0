import Foundation

/// The program at a terminal of its own, typed at and read from.
final class PseudoTerminal {
  private let primary: Int32
  private let process: pid_t
  /// All that the program has written so far.
  private(set) var transcript = ""
  private var bytes: [UInt8] = []
  private var status: Int32?

  struct Failure: Error, CustomStringConvertible { let description: String }

  init(_ arguments: [String] = [], environment changes: [String: String] = [:]) throws {
    // What posix_openpt, unlockpt and ptsname do: the Glibc module does not show them.
    let unlock: UInt = 0x4004_5431
    let number: UInt = 0x8004_5430
    var (zero, index): (Int32, Int32) = (0, 0)
    primary = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard primary >= 0, ioctl(primary, unlock, &zero) == 0, ioctl(primary, number, &index) == 0
    else { throw Failure(description: "no pseudo-terminal") }
    let name = "/dev/pts/\(index)"
    var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)

    // A new session without a terminal takes the first one that it opens as its own.
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of a test block signals; the program must not.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(
      &attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var words = ([Program.path] + arguments).map { strdup($0) } + [nil]
    var variables =
      Program.environment(with: changes).map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var child = pid_t()
    let code = posix_spawn(&child, Program.path, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw Failure(description: String(cString: strerror(code))) }
    process = child
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(primary)
  }

  /// Types a text.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(primary, bytes, bytes.count)
  }

  /// Sends the program a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// Changes the window's width.
  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
  }

  /// Reads until `text` appears behind what was awaited before, and gives what was read up to and
  /// with it.
  @discardableResult
  func await(_ text: String, seconds: Int = 20) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let range = transcript.range(of: text) {
        let seen = String(transcript[..<range.upperBound])
        transcript = String(transcript[range.upperBound...])
        bytes = Array(transcript.utf8)
        return seen
      }
      guard ContinuousClock.now < deadline, readMore() else {
        throw Failure(
          description: "awaited \(text.debugDescription), got \(transcript.debugDescription)")
      }
    }
  }

  /// Reads to the end and gives the exit status.
  func finish(seconds: Int = 20) throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while readMore() {
      guard ContinuousClock.now < deadline else {
        throw Failure(description: "still running; got \(transcript.debugDescription)")
      }
    }
    var code: Int32 = 0
    waitpid(process, &code, 0)
    status = code
    return (code & 0x7f) == 0 ? (code >> 8) & 0xff : 128 + (code & 0x7f)
  }

  /// Waits a little for more output. False at the end of it.
  private func readMore() -> Bool {
    var source = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
    guard poll(&source, 1, 200) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(primary, &buffer, buffer.count)
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    transcript = String(decoding: bytes, as: UTF8.self)
    return true
  }
}
