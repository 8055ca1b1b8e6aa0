import ArgumentParser

extension ExitCode {
  /// Ctrl-C stopped what was asked for: 128 and the number of SIGINT, as shells have it.
  static let interrupted = ExitCode(130)
}
