import Glibc

/// Threads that wait for parts of a kernel's work, beside the thread that asks.
///
/// They are started when they are first needed. Where the system gives fewer than are wished, or
/// none, those that are there do all the work.
final class Workers: @unchecked Sendable {
  /// Those of the process.
  static let shared = Workers()

  /// Held by the one who has work done.
  private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Guards all below.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Signalled when parts are there, and when the last of them is done.
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var body: ((Int) -> Void)?
  /// Parts of the work, the first that nobody has taken, and those that are being done.
  private var (parts, next, running) = (0, 0, 0)
  private var started = 0
  /// False once the system gave no further thread.
  private var mayStart = true

  private init() {
    pthread_mutex_init(turn, nil)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  /// Calls `body` with each of `0..<parts`, on several threads where they are free, and comes back
  /// when all have returned.
  func perform(_ parts: Int, _ body: (Int) -> Void) {
    guard parts > 1, pthread_mutex_trylock(turn) == 0 else {
      for part in 0..<parts { body(part) }
      return
    }
    defer { pthread_mutex_unlock(turn) }
    start(parts - 1)
    withoutActuallyEscaping(body) { body in
      pthread_mutex_lock(lock)
      (self.body, self.parts, next) = (body, parts, 0)
      pthread_cond_broadcast(changed)
      work()
      while running > 0 { pthread_cond_wait(changed, lock) }
      self.body = nil
      pthread_mutex_unlock(lock)
    }
  }

  /// Takes parts as long as there are any. The lock is held before and after, and not meanwhile.
  private func work() {
    while next < parts {
      let part = next
      next += 1
      running += 1
      pthread_mutex_unlock(lock)
      body?(part)
      pthread_mutex_lock(lock)
      running -= 1
    }
    if running == 0 { pthread_cond_broadcast(changed) }
  }

  /// Has so many threads waiting, if the system gives them.
  private func start(_ wished: Int) {
    guard started < wished, mayStart else { return }
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 1 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Signals are for the threads that read lines and run commands.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    while started < wished, mayStart {
      var thread = pthread_t()
      let code = pthread_create(&thread, &attributes, { _ in Workers.shared.serve() }, nil)
      if code == 0 { started += 1 } else { mayStart = false }
    }
  }

  /// Waits for parts, and never returns.
  private func serve() -> Never {
    pthread_mutex_lock(lock)
    while true {
      while next >= parts { pthread_cond_wait(changed, lock) }
      work()
    }
  }
}
