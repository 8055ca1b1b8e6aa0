import Foundation

/// Evaluation recurses as deep as the program it runs, so it runs on a stack of its own.
package enum LargeStack {
  /// Bytes of address space for the stack; pages are used only as deep as the recursion goes.
  package static let byteCount = 1 << 30

  /// Bytes of stack that any thread has.
  static let smallest = 512 << 10
  private static let key = "org.cairn.large-stack"

  /// True on a thread that `run` made.
  static var isCurrent: Bool { Thread.current.threadDictionary[key] != nil }

  /// Runs `body` on a thread with a large stack and waits for it.
  package static func run(_ body: @escaping () -> Void) {
    nonisolated(unsafe) let body = body
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      Thread.current.threadDictionary[key] = true
      body()
      done.signal()
    }
    thread.stackSize = byteCount
    thread.start()
    done.wait()
  }
}
