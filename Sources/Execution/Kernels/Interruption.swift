/// A request from outside (Ctrl-C) that what runs stop. It stands until it is taken back.
///
/// A signal handler makes it; the interpreter, planners and kernels look for it between pieces of
/// their work: one aligned word, written whole.
package final class Interruption: @unchecked Sendable {
  /// Not 0 from `request` to `clear`: what the loops in C look at, and those of the interpreter.
  package let word: UnsafeMutablePointer<Int32>

  /// Nothing is requested at first.
  package init() {
    word = .allocate(capacity: 1)
    word.initialize(to: 0)
  }

  deinit { word.deallocate() }

  /// Asks what runs to stop. May be called by a signal handler.
  package func request() { word.pointee = 1 }
  /// Takes the request back.
  package func clear() { word.pointee = 0 }
  /// True from `request` to `clear`.
  package var isRequested: Bool { word.pointee != 0 }
}
