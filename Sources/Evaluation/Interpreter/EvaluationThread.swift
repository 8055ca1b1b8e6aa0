import Glibc
import Tensors

/// The thread that a session's commands run on: evaluation recurses as deep as the program that it
/// runs, so it has a stack for the recursion limit.
///
/// It waits between commands, and ends when nobody holds it any more.
package final class EvaluationThread {
  /// Bytes of address space for the stack: some 13,000 for each of the calls that may be open.
  /// Pages are used only as deep as the recursion goes.
  package static let stackBytes = 128 << 20
  /// The smallest stack that is tried, in bytes: few calls, and all else works.
  private static let leastStackBytes = 4 << 20

  private let desk: Desk
  private let thread: pthread_t

  /// Starts it: with a smaller stack where there is no room for a whole one, and then recursion
  /// ends earlier. `nil` where the system gives no thread.
  package init?() {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    desk = Desk()
    var bytes = EvaluationThread.stackBytes
    // Where address space is short, half of it is for what programs compute.
    while bytes > EvaluationThread.leastStackBytes, bytes > (AddressSpace.left ?? .max) / 2 {
      bytes /= 2
    }
    while bytes >= EvaluationThread.leastStackBytes {
      desk.stackBytes = bytes
      var started = pthread_t()
      let held = Unmanaged.passRetained(desk)
      if pthread_attr_setstacksize(&attributes, bytes) == 0,
        pthread_create(&started, &attributes, serve, held.toOpaque()) == 0
      {
        thread = started
        return
      }
      held.release()
      bytes /= 2
    }
    return nil
  }

  deinit {
    desk.close()
    // The last to hold it may be what it runs itself.
    if pthread_equal(pthread_self(), thread) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  /// The address down to which the running thread's stack may be used, with a margin for what runs
  /// below an evaluation. A thread that is none of these has at least half a MiB.
  static var stackFloor: UInt {
    if let known = pthread_getspecific(floorKey) { return UInt(bitPattern: known) }
    return here - UInt(384 << 10)
  }

  /// An address in the running function's frame.
  fileprivate static var here: UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// Runs `body` there and waits for it; at once where this is that thread.
  package func run(_ body: @escaping () -> Void) {
    if pthread_equal(pthread_self(), thread) != 0 { return body() }
    desk.run(body)
  }
}

/// Where a thread keeps its stack's floor.
private let floorKey: pthread_key_t = {
  var key = pthread_key_t()
  pthread_key_create(&key, nil)
  return key
}()

/// What the thread does: one body after the other, until its desk is closed.
private func serve(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  // What handles an overflow of this stack needs another one.
  let spare = UnsafeMutableRawPointer.allocate(byteCount: 64 << 10, alignment: 16)
  var stack = stack_t(ss_sp: spare, ss_flags: 0, ss_size: 64 << 10)
  sigaltstack(&stack, nil)
  let desk = Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue()
  let floor = EvaluationThread.here - UInt(desk.stackBytes - max(desk.stackBytes / 8, 1 << 20))
  pthread_setspecific(floorKey, UnsafeRawPointer(bitPattern: floor))
  desk.serve()
  stack.ss_flags = Int32(SS_DISABLE)
  sigaltstack(&stack, nil)
  spare.deallocate()
  return nil
}

/// Where bodies are handed over.
private final class Desk: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Signalled when something changes: one thread waits on either side.
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var body: (() -> Void)?
  private var isDone = true
  private var isClosed = false
  /// The size of the stack of the thread that serves here; set before it starts.
  var stackBytes = 0

  /// Nothing lies there at first.
  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Hands a body over, and comes back when it has run.
  func run(_ work: @escaping () -> Void) {
    pthread_mutex_lock(lock)
    body = work
    isDone = false
    pthread_cond_broadcast(changed)
    while !isDone { pthread_cond_wait(changed, lock) }
    pthread_mutex_unlock(lock)
  }

  /// Nothing is handed over any more.
  func close() {
    pthread_mutex_lock(lock)
    isClosed = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }

  /// Runs what is handed over, until the desk is closed.
  func serve() {
    pthread_mutex_lock(lock)
    while true {
      while body == nil, !isClosed { pthread_cond_wait(changed, lock) }
      guard body != nil else { break }
      pthread_mutex_unlock(lock)
      body?()
      pthread_mutex_lock(lock)
      // Lets go of the body, and so of all that it captured, before anyone hears that it is done:
      // bytes that it held would be counted live or not as chance has it.
      body = nil
      isDone = true
      pthread_cond_broadcast(changed)
    }
    pthread_mutex_unlock(lock)
  }
}
