import Glibc
import Syntax
import Writing

/// The one way to standard output and standard error: what is put is written whole, or the program
/// ends.
enum Output {
  /// EX_IOERR of sysexits.h: output could not be written.
  static let lost: Int32 = 74

  /// Bytes that a terminal gets between two looks at a request to stop.
  private static let mouthful = 1 << 14

  /// Sets up what `put` builds on; to be called before anything is opened.
  static func prepare() {
    // A reader that leaves, and a limit on a file's size, are told by the call that meets them.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // The next file that is opened would otherwise be taken for the stream that is closed.
    occupy(STDIN_FILENO, "/dev/null", O_WRONLY)
    occupy(STDOUT_FILENO, "/", O_RDONLY)
    occupy(STDERR_FILENO, "/", O_RDONLY)
  }

  /// Opens a closed descriptor so that using it fails as it would fail closed.
  private static func occupy(_ descriptor: Int32, _ path: String, _ mode: Int32) {
    guard fcntl(descriptor, F_GETFD) < 0 else { return }
    let file = open(path, mode)
    if file >= 0, file != descriptor {
      dup2(file, descriptor)
      close(file)
    }
  }

  /// Writes a text whole to standard output or standard error, past every buffer. Where it is not
  /// taken the program ends with status 74, and standard error says why; where whoever read it has
  /// left, with SIGPIPE and without a word.
  ///
  /// A terminal takes long texts slowly: a request to stop ends them there.
  static func put(_ text: String, to descriptor: Int32) {
    do throws(FileFailure) {
      try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(FileFailure) in
        let bytes = UnsafeRawBufferPointer(bytes)
        guard bytes.count > mouthful, isatty(descriptor) == 1 else {
          return try Descriptor.write(bytes, to: descriptor)
        }
        for start in stride(from: 0, to: bytes.count, by: mouthful) {
          if Signals.interruption.isRequested { return }
          let piece = bytes[start..<min(start + mouthful, bytes.count)]
          try Descriptor.write(UnsafeRawBufferPointer(rebasing: piece), to: descriptor)
        }
      }
    } catch {
      end(error, descriptor)
    }
  }

  /// Gives standard output back, and ends the program: some file systems say only then that what
  /// they took is lost.
  static func finish(status: Int32) -> Never {
    Processes.leave()
    if close(STDOUT_FILENO) != 0, errno != EBADF, errno != EINTR {
      end(.system(errno), STDOUT_FILENO)
    }
    exit(status)
  }

  private static func end(_ problem: FileFailure, _ descriptor: Int32) -> Never {
    if problem == .system(EPIPE) || problem == .system(ECONNRESET) { endQuietly() }
    if descriptor != STDERR_FILENO {
      let fault = Diagnostic.unwritableOutput("standard output", problem)
      put(DiagnosticRenderer(isColoured: false).text(fault) + "\n", to: STDERR_FILENO)
    }
    _exit(lost)
  }

  /// Ends as a program does that knows nothing of pipes.
  private static func endQuietly() -> Never {
    signal(SIGPIPE, SIG_DFL)
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
