import Glibc

/// What the program says when a fault of its own ends it: one line on standard error, with what to
/// report. The toolchain's backtracer, which would print pages, is not asked.
enum CrashReport {
  private static let signals: [(number: Int32, name: String)] = [
    (SIGQUIT, "SIGQUIT"), (SIGILL, "SIGILL"), (SIGTRAP, "SIGTRAP"), (SIGABRT, "SIGABRT"),
    (SIGBUS, "SIGBUS"), (SIGFPE, "SIGFPE"), (SIGSEGV, "SIGSEGV"), (SIGSYS, "SIGSYS"),
  ]

  /// Takes the place of the handlers that the runtime installs when it starts. The process still
  /// ends by the signal.
  static func install() {
    for (number, name) in signals {
      let bytes = Array(ProcessText.crash(name, number).utf8) + [UInt8(ascii: "\n")]
      let line = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
      _ = line.initialize(from: bytes)
      lines[Int(number)] = UnsafeBufferPointer(line)
    }
    // The main thread's stack may be what overflowed.
    var spare = stack_t(
      ss_sp: .allocate(byteCount: 64 << 10, alignment: 16), ss_flags: 0, ss_size: 64 << 10)
    sigaltstack(&spare, nil)
    for (number, _) in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let line = lines[Int(number)]
        _ = write(STDERR_FILENO, line.baseAddress, line.count)
        Terminal.restore()
        // A fault happens again when the handler returns; what was sent does not.
        raise(number)
      }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigemptyset(&action.sa_mask)
      sigaction(number, &action, nil)
    }
  }
}

/// The line for each signal, made before the handlers are installed: they allocate nothing.
private nonisolated(unsafe) let lines = UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>
  .allocate(capacity: 64)
