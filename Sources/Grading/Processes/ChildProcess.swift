import CSandbox
import Foundation
import Glibc

/// A process that was started to run a submission: without an environment, in an empty directory
/// that is gone already, so that nothing can be put into it, with nothing open but two pipes.
final class ChildProcess {
  /// How a process ended.
  enum End {
    case status(Int32)
    case signal(Int32)

    /// In words.
    var text: String {
      switch self {
      case .status(let status): "status \(status)"
      case .signal(let signal): "signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    }

    /// True where the system ended it for what it took.
    var isOfLimit: Bool { isSignal(of: [SIGXCPU, SIGXFSZ]) }

    /// True where somebody else ended it, as the system does where memory ends: that says nothing
    /// of what it ran.
    var isFromOutside: Bool { isSignal(of: [SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT]) }

    private func isSignal(of signals: [Int32]) -> Bool {
      switch self {
      case .signal(let signal): signals.contains(signal)
      case .status: false
      }
    }
  }

  /// Messages to and from it.
  let frames: Frames
  private let process: pid_t
  private var ending: End?

  /// Starts a command: a program's path, and its words.
  init(_ command: [String]) throws {
    let base = FileManager.default.temporaryDirectory.path
    var template = Array((base + "/cairn-grade-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw ChildProcess.failure }
    var words = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var started = csandbox_process()
    let code = csandbox_spawn(&words, template, &started)
    rmdir(template)
    frames = Frames(input: started.output, output: started.input)
    process = started.identifier
    guard code == 0 else {
      ending = .status(code)
      throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EAGAIN)
    }
  }

  private static var failure: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }

  deinit { _ = end() }

  /// Ends it with all that it may have started. A process that has ended by itself keeps the end
  /// that it had.
  @discardableResult
  func end() -> End {
    if let ending { return ending }
    // One that has nothing more to hear ends by itself, if it is well.
    close(frames.output)
    var status: Int32 = 0
    if !waitShortly(&status) {
      kill(-process, SIGKILL)
      kill(process, SIGKILL)
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
    close(frames.input)
    let signal = status & 0x7f
    let end: End = signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
    ending = end
    return end
  }

  /// True where it has ended within a fifth of a second.
  private func waitShortly(_ status: inout Int32) -> Bool {
    for _ in 0..<100 {
      if waitpid(process, &status, WNOHANG) == process { return true }
      usleep(2000)
    }
    return false
  }
}
