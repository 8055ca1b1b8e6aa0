import Foundation

/// Evaluation recurses as deep as the program it runs, so it runs on a stack of its own.
package enum LargeStack {
  /// Bytes of address space for the stack; pages are used only as deep as the recursion goes.
  package static let byteCount = 1 << 30

  /// Runs `body` on a thread with a large stack and waits for it.
  package static func run(_ body: () -> Void) {
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      let done = DispatchSemaphore(value: 0)
      let thread = Thread {
        body()
        done.signal()
      }
      thread.stackSize = byteCount
      thread.start()
      done.wait()
    }
  }
}
