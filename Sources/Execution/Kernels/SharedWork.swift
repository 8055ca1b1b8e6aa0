import CKernels

/// Work whose parts are independent, which threads may share: `count` of something, any range of
/// which can be done alone. There is one for each of thousands of instructions, so that a subclass
/// holds what it does in the same object.
class SharedWork {
  /// Elements in all.
  private let count: Int
  /// Elements of a part that threads take, and of a piece of one thread's.
  private let (size, piece): (Int, Int)
  /// All of it on one thread.
  private let nanoseconds: Double
  /// Whom all threads ask whether to stop, between pieces; without one, work is always finished.
  final let context: RunContext?

  /// Of so many elements, each of which takes about so long.
  init(count: Int, nanoseconds: Double, asking context: RunContext?) {
    let all = Double(count) * nanoseconds
    self.count = count
    size = Crew.size(of: count, in: Crew.parts(ofNanoseconds: all))
    piece = Crew.elements(nanoseconds, of: Crew.pieceNanoseconds)
    self.nanoseconds = all
    self.context = context
  }

  /// Does some of it. Ranges that do not overlap write different bytes, and read what no other
  /// writes.
  func run(_ range: Range<Int>) {
    preconditionFailure("a subclass says what it does")
  }

  /// What does all of it.
  final var instruction: Instruction { { self.run() } }

  /// Does all of it.
  final func run() {
    // Most is short, and done at once.
    if count <= size, count <= piece { return run(0..<count) }
    let parts = (count - 1) / size + 1
    let crew = min(Crew.threads.load(ordering: .relaxed), parts)
    guard crew > 1 else { return Crew.inPieces(0..<count, piece, context, run) }
    let own = Unmanaged.passUnretained(self).toOpaque()
    ck_crew_run(
      Int32(clamping: crew), Int32(clamping: parts), Int64(min(nanoseconds, 1e15)),
      { work, part in
        guard let work else { return }
        Unmanaged<SharedWork>.fromOpaque(work).takeUnretainedValue().run(part: Int(part))
      }, own)
  }

  private final func run(part: Int) {
    guard context?.isStopped != true else { return }
    run((part * size)..<min((part + 1) * size, count))
  }
}

/// Shared work that a closure does.
final class SharedLoop: SharedWork {
  private let body: (Range<Int>) -> Void

  /// Of so many elements, each of which takes about so long.
  init(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) {
    self.body = body
    super.init(count: count, nanoseconds: nanoseconds, asking: context)
  }

  override func run(_ range: Range<Int>) { body(range) }
}
