import Foundation

/// A request from outside (Ctrl-C) that the running command stop.
///
/// A signal handler sets it and the interpreter polls it: one aligned word, written whole.
package final class Interruption: @unchecked Sendable {
  private let flag: UnsafeMutablePointer<sig_atomic_t>

  /// Nothing is requested at first.
  package init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: 0)
  }

  deinit { flag.deallocate() }

  /// Asks the running command to stop. May be called by a signal handler.
  package func request() { flag.pointee = 1 }
  /// Takes the request back.
  package func clear() { flag.pointee = 0 }
  /// True from `request` to `clear`.
  package var isRequested: Bool { flag.pointee != 0 }
}
