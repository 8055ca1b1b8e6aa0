import CKernels

/// Work whose parts are independent, which threads may share: `count` of something, any range of
/// which can be done alone.
class SharedWork: PlacedWork {
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
  func run(_ range: Range<Int>, at places: Places) {
    preconditionFailure("a subclass says what it does")
  }

  final override func run(at places: Places) {
    // Most is short, and done at once.
    if count <= size, count <= piece { return run(0..<count, at: places) }
    let parts = (count - 1) / size + 1
    let crew = min(Crew.threads.load(ordering: .relaxed), parts)
    guard crew > 1 else {
      return Crew.inPieces(0..<count, piece, context) { run($0, at: places) }
    }
    var handed = Handed(work: .passUnretained(self), places: places)
    ck_crew_run(
      Int32(clamping: crew), Int32(clamping: parts), Int64(min(nanoseconds, 1e15)),
      { handed, part in
        guard let handed = handed?.assumingMemoryBound(to: Handed.self).pointee else { return }
        handed.work.takeUnretainedValue().run(part: Int(part), at: handed.places)
      }, &handed)
  }

  /// What other threads are handed.
  private struct Handed {
    let work: Unmanaged<SharedWork>
    let places: Places
  }

  private final func run(part: Int, at places: Places) {
    guard context?.isStopped != true else { return }
    run((part * size)..<min((part + 1) * size, count), at: places)
  }
}

/// Shared work that a closure does, which knows where its tensors lie.
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

  /// The instruction that does it.
  var instruction: Instruction { instruction(at: []) }

  override func run(_ range: Range<Int>, at places: Places) { body(range) }
}
