import Foundation

/// A request from outside (Ctrl-C) that the running command stop.
///
/// A signal handler sets it and the interpreter polls it: one aligned word, written whole.
package final class Interruption: @unchecked Sendable {
  private let flag: UnsafeMutablePointer<sig_atomic_t>

  package init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: 0)
  }

  deinit { flag.deallocate() }

  package func request() { flag.pointee = 1 }
  package func clear() { flag.pointee = 0 }
  package var isRequested: Bool { flag.pointee != 0 }
}
