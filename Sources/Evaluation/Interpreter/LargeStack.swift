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
    let work = Work(body)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      Thread.current.threadDictionary[key] = true
      work.run()
      done.signal()
    }
    thread.stackSize = byteCount
    thread.start()
    done.wait()
  }

  /// Lets go of its closure, and so of all that it captured, before anyone hears that it is done:
  /// the thread lives on for a while, and bytes that it held would be counted live or not as chance
  /// has it.
  private final class Work: @unchecked Sendable {
    private var body: (() -> Void)?

    /// Nothing runs before `run`.
    init(_ body: @escaping () -> Void) { self.body = body }

    /// Runs the closure and lets go of it; a second call does nothing.
    func run() {
      body?()
      body = nil
    }
  }
}
