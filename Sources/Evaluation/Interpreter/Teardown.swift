import Glibc

/// Lets go of what variables hold without recursing as deep as it is nested: a function that
/// captured a function that captured a function. What a thread lets go of while it lets go of
/// something waits until that is done.
enum Teardown {
  private final class Progress {
    var isDraining = false
    /// Values that are still to be let go of, the next one last.
    var waiting: [Value] = []
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<Progress>.fromOpaque(pointer).release() }
    }
    return key
  }()

  private static var progress: Progress {
    if let known = pthread_getspecific(key) {
      return Unmanaged<Progress>.fromOpaque(known).takeUnretainedValue()
    }
    let progress = Progress()
    pthread_setspecific(key, Unmanaged.passRetained(progress).toOpaque())
    return progress
  }

  /// Releases the value of a variable that is going away.
  static func release(_ value: inout Value) {
    switch value {
    case .list, .dictionary, .function, .layer, .record: break
    default: return
    }
    let progress = progress
    progress.waiting.append(value)
    value = .none
    guard !progress.isDraining else { return }
    progress.isDraining = true
    while let next = progress.waiting.popLast() { drop(next) }
    progress.isDraining = false
  }

  /// Lets go of a value here and not later: out of line, so that no release is moved past the
  /// loop's next turn.
  @inline(never)
  private static func drop(_ value: consuming Value) { _ = consume value }
}
